import { formatId } from "@muster/domain/ids.ts";
import type { JsonPatchOperation } from "@muster/domain/json-patch.ts";
import { systemCaller } from "@muster/operations/authorize.ts";
import { openContext } from "@muster/operations/contexts/open-context.ts";
import { diffVersions } from "@muster/operations/contexts/versions/compare-versions.ts";
import { getVersionData } from "@muster/operations/contexts/versions/version-queries.ts";
import { writeContext } from "@muster/operations/contexts/versions/write-context.ts";
import type { Runtime } from "@muster/operations/runtime.ts";
import { PROJECT } from "../fleet.ts";
import { edited, newDocument, type WorkingDocument } from "./document.ts";
import { below, randomNumbers } from "./prose.ts";

const CALLER = systemCaller("bench");

/** A context that one document is kept in, edit after edit. What it times is in milliseconds. */
export class History {
  readonly contextId: string;
  readonly name: string;
  readonly #runtime: Runtime;
  readonly #random: () => number;
  readonly #first: WorkingDocument;
  /** What was written, version by version. */
  readonly #written: WorkingDocument[] = [];

  private constructor(runtime: Runtime, contextId: string, name: string, seed: number, bytes: number) {
    this.#runtime = runtime;
    this.contextId = contextId;
    this.name = name;
    this.#random = randomNumbers(seed);
    this.#first = newDocument(this.#random, bytes);
  }

  /**
   * Opens a context of the fleet's project, shared or, with its id, an agent's own. The same seed makes the same document and the same edits.
   */
  static async open(
    runtime: Runtime,
    { name, seed, bytes, agentId }: { name: string; seed: number; bytes: number; agentId?: string },
  ): Promise<History> {
    const { id } = await openContext(runtime, CALLER, { projectId: PROJECT, agentId, name });
    return new History(runtime, id, name, seed, bytes);
  }

  /** The context's id as the API gives it. */
  get publicId(): string {
    return formatId("context", this.contextId);
  }

  /** How many versions it has. */
  get versions(): number {
    return this.#written.length;
  }

  /** The newest version's document as JSON. */
  get text(): string {
    return JSON.stringify(this.#written.at(-1));
  }

  /** The document, edited, as the next version that the caller writes. */
  edit(): WorkingDocument {
    const newest = this.#written.at(-1);
    const document = newest ? edited(this.#random, newest, this.versions) : this.#first;
    this.#written.push(document);
    return document;
  }

  /** The caller rolls it back by so many versions. Gives the number of the version to go back to. */
  goBack(distance: number): number {
    const target = this.versions - distance;
    this.#written.push(this.#written[target - 1] ?? this.#first);
    return target;
  }

  /** Writes the whole document, edited. */
  async write(): Promise<number> {
    const input = { contextId: this.contextId, data: this.edit() };
    return timed(() => writeContext(this.#runtime, CALLER, input));
  }

  /** Writes until there are so many versions. */
  async fill(versions: number): Promise<void> {
    while (this.versions < versions) await this.write();
  }

  /** Reads any version's data. */
  async read(): Promise<number> {
    const keys = [{ contextId: this.contextId, number: this.anyVersion() }];
    return timed(() => getVersionData(this.#runtime, CALLER, keys));
  }

  /** Compares any two versions. */
  async compare(): Promise<number> {
    const [from, to] = [this.anyVersion(), this.anyVersion()];
    return timed(async () => {
      const diff = (await diffVersions(this.#runtime, CALLER, [this.contextId], from, to)).get(this.contextId);
      if (!isPatch(diff) || (diff.length === 0) !== (from === to)) throw new Error("That is no comparison.");
    });
  }

  anyVersion(): number {
    return 1 + below(this.#random, this.versions);
  }
}

function isPatch(diff: unknown): diff is JsonPatchOperation[] {
  return Array.isArray(diff);
}

export async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}
