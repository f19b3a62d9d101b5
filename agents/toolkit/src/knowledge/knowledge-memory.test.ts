import type { ContextHandle, Contexts } from "@muster/agent/contexts.ts";
import { describe, expect, it } from "vitest";
import { KnowledgeMemory } from "./knowledge-memory.ts";
import type { Learned } from "./merge-knowledge.ts";
import { UnreadableKnowledge } from "./repository-knowledge.ts";

const repository = "/repository";

/** The versions of one context, written by compare and set as on a server; each call takes a turn of the event loop. */
class VersionedContext implements Contexts {
  readonly versions: unknown[] = [null];
  readonly messages: (string | undefined)[] = [];

  async open(name: string): Promise<ContextHandle> {
    const read = async () => {
      await nextTurn();
      return { version: this.versions.length - 1, data: structuredClone(this.versions.at(-1)) };
    };
    const write = async (data: unknown, options?: { message?: string; expectedVersion?: number }) => {
      await nextTurn();
      if (options?.expectedVersion !== this.versions.length - 1) throw new Error("conflict");
      this.messages.push(options?.message);
      return { version: this.versions.push(data) - 1 };
    };
    const update: ContextHandle["update"] = async (change, options) => {
      const { version, data } = await read();
      const changed = change(data);
      return write(changed, { ...options, expectedVersion: version }).catch(() => update(change, options));
    };
    const unused = () => Promise.reject(new Error("not used"));
    return { id: "ctx_1", name, read, write, update, patch: unused, mergePatch: unused, readVersion: unused };
  }
}

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

function learned(sha: string, position: number): Learned {
  const build = { ok: true, errors: 0, bundleBytes: 1 };
  return { repository, commits: [{ sha, subject: sha, position, build }] };
}

const known = (memory: KnowledgeMemory) => Object.keys(memory.knowledge.repositories[repository]?.commits ?? {}).sort();

describe("KnowledgeMemory", () => {
  it("merges what several agents learn at the same time", async () => {
    const context = new VersionedContext();
    const memories = ["a", "b", "c", "d"].map((sha, position) => ({ sha, position, memory: new KnowledgeMemory() }));
    await Promise.all(
      memories.map(({ memory, sha, position }) => memory.learn(context, learned(sha, position), `built ${sha}`)),
    );
    expect(context.versions).toHaveLength(5);
    expect(context.messages.toSorted()).toEqual(["built a", "built b", "built c", "built d"]);
    const reader = new KnowledgeMemory();
    await reader.load(context);
    expect(known(reader)).toEqual(["a", "b", "c", "d"]);
  });

  it("knows less after a rollback, and adds to what was rolled back to", async () => {
    const context = new VersionedContext();
    const memory = new KnowledgeMemory();
    await memory.learn(context, learned("a", 1), "");
    await memory.learn(context, learned("b", 2), "");
    memory.replace(context.versions.push(context.versions[1]) - 1, context.versions[1]);
    expect(known(memory)).toEqual(["a"]);
    await memory.learn(context, learned("c", 3), "");
    expect(known(memory)).toEqual(["a", "c"]);
  });

  it("does not go back to a version that it is past", async () => {
    const context = new VersionedContext();
    const memory = new KnowledgeMemory();
    await memory.learn(context, learned("a", 1), "");
    memory.replace(0, null);
    expect(known(memory)).toEqual(["a"]);
  });

  it("refuses data that it cannot read, and neither forgets nor overwrites", async () => {
    const context = new VersionedContext();
    const memory = new KnowledgeMemory();
    await memory.learn(context, learned("a", 1), "");
    context.versions.push({ notes: "by hand" });
    expect(() => memory.replace(2, { notes: "by hand" })).toThrow(UnreadableKnowledge);
    await expect(memory.learn(context, learned("b", 2), "")).rejects.toThrow(UnreadableKnowledge);
    expect(known(memory)).toEqual(["a"]);
    expect(context.versions).toHaveLength(3);
  });
});
