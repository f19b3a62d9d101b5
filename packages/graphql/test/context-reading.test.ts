import { statement } from "@muster/database/statement.ts";
import type { Json } from "@muster/domain/json.ts";
import { formatContextVersionId, formatId } from "@muster/domain/ids.ts";
import { openContext } from "@muster/operations/contexts/open-context.ts";
import { writeContext } from "@muster/operations/contexts/versions/write-context.ts";
import { graphql } from "graphql";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { presentError } from "../src/present-error.ts";
import { schema } from "../src/schema.ts";
import { type BusyFleet, createBusyFleet, requestContextOf } from "./busy-fleet.ts";

let fleet: BusyFleet;
beforeAll(async () => {
  fleet = await createBusyFleet(1);
}, 60_000);
afterAll(() => fleet.close());

interface Answer {
  readonly data: Record<string, unknown>;
  readonly code: unknown;
}

async function ask(source: string, variableValues: Record<string, unknown> = {}): Promise<Answer> {
  const contextValue = requestContextOf(fleet);
  const { data, errors } = await graphql({ schema, source, contextValue, variableValues });
  const [error] = errors ?? [];
  return {
    data: JSON.parse(JSON.stringify(data ?? {})) as Record<string, unknown>,
    code: error && (presentError(error)?.extensions.code ?? error.message),
  };
}

async function contextOf(...data: Json[]): Promise<{ id: string; contextId: string }> {
  const { runtime, admin, projectId } = fleet;
  const { id: contextId } = await openContext(runtime, admin, { projectId, name: crypto.randomUUID() });
  for (const each of data) await writeContext(runtime, admin, { contextId, data: each, message: "m" });
  return { contextId, id: formatId("context", contextId) };
}

/** Fields of a context. */
const of = (id: string, fields: string) => ask(`{ node(id: "${id}") { ... on Context { ${fields} } } }`);

describe("reading contexts", () => {
  it("finds versions by time, author and message", async () => {
    const { id, contextId } = await contextOf(1, 2);
    const { runtime, admin } = fleet;
    const program = { ...admin, actor: { ...admin.actor, id: crypto.randomUUID() } };
    await writeContext(runtime, program, { contextId, data: 3 });
    const { data } = await of(
      id,
      `at: versionAt(time: "9999-01-01T00:00:00Z") { number } before: versionAt(time: "2000-01-01T00:00:00Z") { number }
       author: version(number: 3) { author { id } createdAt }
       nobody: versions(filter: { authors: ["agent_none", "x"] }) { edges { node { number } } }
       programs: versions(filter: { authorKinds: [API_KEY], search: "M" }) { totalCount edges { node { number } } }`,
    );
    expect(data.node).toMatchObject({
      at: { number: 3 },
      before: null,
      nobody: { edges: [] },
      programs: { totalCount: 2, edges: [{ node: { number: 2 } }, { node: { number: 1 } }] },
    });
    const { author } = data.node as { author: { author: { id: string }; createdAt: string } };
    const own = await of(
      id,
      `versions(filter: { authors: ["${author.author.id}"] }) { edges { node { number } } } versionAt(time: "${author.createdAt}") { number }`,
    );
    expect(own.data.node).toMatchObject({ versions: { edges: [{ node: { number: 3 } }] }, versionAt: { number: 3 } });
  });

  it("compares versions of one context", async () => {
    const { id } = await contextOf({ list: [1, 2, 4], same: true }, { list: [1, 2, 3, 4], same: true, more: null });
    const node = "path key index depth kind container before after changes folded omitted";
    const { data, code } = await of(
      id,
      `compare(from: 1, to: 2) { from { number } to { number } equal operations { op path value } counts { added removed changed }
         tree(compact: true) { ${node} } full: tree { path kind } }
       itself: compare(from: 2, to: 2) { equal operations { op } tree(compact: true) { folded } }`,
    );
    expect(code).toBeUndefined();
    expect(data.node).toMatchObject({
      compare: {
        from: { number: 1 },
        to: { number: 2 },
        equal: false,
        operations: [
          { op: "add", path: "/list/2", value: 3 },
          { op: "add", path: "/more", value: null },
        ],
        counts: { added: 2, removed: 0, changed: 0 },
        tree: [
          {
            path: "",
            key: null,
            index: null,
            depth: 0,
            kind: "CHANGED",
            container: "OBJECT",
            changes: 2,
            folded: null,
          },
          { path: "/list", key: "list", kind: "CHANGED", container: "LIST", changes: 1 },
          { path: "/list/0", index: 0, kind: "UNCHANGED", folded: 2, before: null, after: null },
          { path: "/list/2", index: 2, depth: 2, kind: "ADDED", before: null, after: 3, changes: 1, omitted: 0 },
          { path: "/list/3", kind: "UNCHANGED", folded: 1 },
          { path: "/more", kind: "ADDED", after: null },
          { path: "/same", kind: "UNCHANGED", folded: 1 },
        ],
        full: expect.arrayContaining([{ path: "/list/3", kind: "UNCHANGED" }]),
      },
      itself: { equal: true, operations: [], tree: [{ folded: 1 }] },
    });
    expect((await of(id, "compare(from: 1, to: 3) { equal }")).code).toBe("NOT_FOUND");
  });

  it("compares versions of two contexts", async () => {
    const [one, other] = [await contextOf({ a: 1 }, { a: 2 }), await contextOf({ a: 2 })];
    const ids = { from: formatContextVersionId(one.contextId, 1), to: formatContextVersionId(other.contextId, 1) };
    const query = `query ($from: ID!, $to: ID!) { compareContextVersions(from: $from, to: $to) {
      from { context { id } } to { context { id } } equal operations { op path value } } }`;
    expect((await ask(query, ids)).data.compareContextVersions).toEqual({
      from: { context: { id: one.id } },
      to: { context: { id: other.id } },
      equal: false,
      operations: [{ op: "replace", path: "/a", value: 2 }],
    });
    const same = { ...ids, from: formatContextVersionId(one.contextId, 2) };
    expect((await ask(query, same)).data.compareContextVersions).toMatchObject({ equal: true, operations: [] });
    for (const from of [one.id, `${one.id}@9`, "x"])
      expect((await ask(query, { ...ids, from })).code).toBe("NOT_FOUND");
  });

  it("knows whether data was equal that retention has removed, and shows none of it", async () => {
    const { id, contextId } = await contextOf({ a: 1 }, { a: 2 });
    const pruned = statement<never>(
      "update context_versions set pruned_at = clock_timestamp() where context_id = $1 and number = 1",
    );
    await fleet.database.run(pruned, [contextId]);
    expect((await of(id, "compare(from: 1, to: 2) { equal }")).data.node).toEqual({ compare: { equal: false } });
    for (const field of ["operations { op }", "tree { path }", "counts { added }"]) {
      expect((await of(id, `compare(from: 1, to: 2) { ${field} }`)).code).toBe("VERSION_PRUNED");
    }
  });

  it("tells when a value changed", async () => {
    const { id } = await contextOf({ owner: "ada" }, { owner: "ada", x: 1 }, { owner: null }, {});
    const fields = "nodes { version { number } kind before after beforePruned } hasNextPage endCursor examined";
    const { data } = await of(id, `changesOf(pointer: "/owner") { ${fields} }`);
    expect(data.node).toEqual({
      changesOf: {
        nodes: [
          { version: { number: 4 }, kind: "REMOVED", before: null, after: null, beforePruned: false },
          { version: { number: 3 }, kind: "CHANGED", before: "ada", after: null, beforePruned: false },
          { version: { number: 1 }, kind: "ADDED", before: null, after: "ada", beforePruned: false },
        ],
        hasNextPage: false,
        endCursor: null,
        examined: 4,
      },
    });
    const first = await of(id, `changesOf(pointer: "/owner", first: 2) { ${fields} }`);
    const { changesOf } = first.data.node as { changesOf: { endCursor: string; hasNextPage: boolean } };
    expect(changesOf.hasNextPage).toBe(true);
    const rest = await of(
      id,
      `changesOf(pointer: "/owner", after: "${changesOf.endCursor}") { nodes { version { number } } }`,
    );
    expect(rest.data.node).toEqual({ changesOf: { nodes: [{ version: { number: 1 } }] } });
    expect((await of(id, `changesOf(pointer: "owner") { examined }`)).code).toBe("INVALID_INPUT");
  });

  it("verifies a context, and answers for the versions beside one that was changed", async () => {
    const { id, contextId } = await contextOf({ a: 1 }, { a: 2 }, { a: 3 }, { a: 4 });
    const verification = () =>
      ask(`{ verifyContext(contextId: "${id}") { context { id } ok versions readable pruned eventsCompared
        firstBad { number problem message } badVersions { number } } }`);
    expect((await verification()).data.verifyContext).toEqual({
      context: { id },
      ok: true,
      versions: 4,
      readable: 4,
      pruned: 0,
      eventsCompared: 4,
      firstBad: null,
      badVersions: [],
    });
    const changed = statement<never>(
      "update context_versions set created_at = created_at - interval '1 second' where context_id = $1 and number = 2",
    );
    await fleet.database.run(changed, [contextId]);
    expect((await verification()).data.verifyContext).toMatchObject({
      ok: false,
      firstBad: { number: 2, problem: "RECORD" },
      badVersions: [{ number: 2 }],
    });
    const read = await of(id, "one: version(number: 1) { number } two: version(number: 2) { number }");
    expect(read).toMatchObject({
      data: { node: { one: { number: 1 }, two: null } },
      code: "VERSION_TAMPERED",
    });
    expect((await ask(`{ verifyContext(contextId: "ctx_none") { ok } }`)).code).toBe("NOT_FOUND");
  });
});
