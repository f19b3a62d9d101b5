import type { Json } from "@muster/domain/json.ts";
import canonicalize from "canonicalize";
import { sql } from "drizzle-orm";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { violationsIn } from "../../../test/consistency.ts";
import { createFixture, type Fixture } from "../../../test/fixtures.ts";
import { document, newContext, readAll } from "../../../test/pruning.ts";
import { newId } from "../../new-id.ts";
import { forkContext } from "../fork-context.ts";
import { getPins } from "./pin-queries.ts";
import { pinVersion, unpinVersion } from "./pin-version.ts";
import { pruneContexts } from "./prune-contexts.ts";
import { releaseVersion } from "../rollbacks/release-version.ts";
import { rollBackContext } from "../rollbacks/roll-back-context.ts";
import { hashOfVersion } from "../versions/version-hash.ts";
import { getVersions } from "../versions/version-queries.ts";
import { writeContext } from "../versions/write-context.ts";

let fixture: Fixture;
beforeAll(async () => {
  fixture = await createFixture();
});
afterAll(() => fixture.close());

type Step =
  | { do: "write"; values: readonly number[]; as: "data" | "patch" }
  | { do: "rollBack" | "release" | "fork"; back: number }
  | { do: "pin"; back: number; name: number }
  | { do: "unpin"; name: number }
  | { do: "limit"; keep: number | null }
  | { do: "prune" };

/** The value of a step, as it stands in the data: the greater, the more of it. */
const part = (value: number): Json => ({ value, list: Array.from({ length: value * 3 }, (_, at) => `item ${at}`) });

interface ModelVersion {
  readonly value: number;
  held: boolean;
  pruned: boolean;
}

/** What a context and retention should do, in the plainest way. Each step gives the name of its error, or "done". */
class Model {
  versions: ModelVersion[] = [];
  readonly pins = new Map<number, number>();
  readonly targets = new Set<number>();
  readonly forks: number[] = [];
  keep: number | null = null;
  judged = 0;
  removed = 0;

  /** The number of the version so many before the newest, or one that there is not. */
  at(back: number): number {
    return this.versions.length - back;
  }

  write(value: number): string {
    if (this.versions.some((version) => version.held && version.value === value)) return "VersionHeld";
    this.versions.push({ value, held: false, pruned: false });
    return "done";
  }

  step(step: Exclude<Step, { do: "write" }>): string {
    const number = "back" in step ? this.at(step.back) : 0;
    const version = this.versions[number - 1];
    switch (step.do) {
      case "rollBack": {
        if (!version || step.back === 0) return "InvalidInput";
        if (version.pruned) return "VersionPruned";
        for (const [at, other] of this.versions.entries()) {
          if (other.value === version.value) other.held = false;
          else if (at + 1 > number) other.held = true;
        }
        this.targets.add(number);
        this.versions.push({ value: version.value, held: false, pruned: false });
        return "done";
      }
      case "release":
        if (!version) return number < 1 ? "InvalidInput" : "NotFound";
        for (const other of this.versions) if (other.value === version.value) other.held = false;
        return "done";
      case "fork":
        if (!version) return number < 1 ? "InvalidInput" : "NotFound";
        if (version.pruned) return "VersionPruned";
        this.forks.push(version.value);
        return "done";
      case "pin": {
        if (!version) return number < 1 ? "InvalidInput" : "NotFound";
        const pinned = this.pins.get(step.name);
        if (pinned !== undefined) return pinned === number ? "done" : "InvalidInput";
        if (version.pruned) return "VersionPruned";
        this.pins.set(step.name, number);
        return "done";
      }
      case "unpin": {
        const pinned = this.pins.get(step.name);
        if (pinned === undefined) return "NotFound";
        this.pins.delete(step.name);
        this.judged = Math.min(this.judged, pinned - 1);
        return "done";
      }
      case "limit":
        this.keep = step.keep;
        return "done";
      case "prune": {
        const current = this.versions.length;
        if (this.keep === null || current - this.judged <= this.keep + 10) return "done";
        this.judged = current - this.keep;
        const pinned = new Set(this.pins.values());
        for (const [at, one] of this.versions.slice(0, this.judged).entries()) {
          if (one.pruned || pinned.has(at + 1) || this.targets.has(at + 1)) continue;
          one.pruned = true;
          this.removed += 1;
        }
        return "done";
      }
    }
  }
}

const back = fc.integer({ min: 0, max: 25 });
const name = fc.nat(3);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant("write" as const),
      values: fc.oneof(
        fc.array(fc.nat(30), { minLength: 1, maxLength: 15 }),
        fc.tuple(fc.nat(30), fc.nat(30)).map(([one, other]) => [one, other, one, other, one, other]),
      ),
      as: fc.constantFrom("data" as const, "patch" as const),
    }),
  },
  { weight: 3, arbitrary: fc.constant({ do: "prune" as const }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("rollBack" as const), back }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("release" as const), back }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("fork" as const), back }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("pin" as const), back, name }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("unpin" as const), name }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant("limit" as const), keep: fc.option(fc.integer({ min: 1, max: 6 })) }),
  },
);

it("keeps, for ever and to the byte, what it has to keep, and nothing else, whatever happens in which order", async () => {
  const { runtime, admin, database } = fixture;
  let removed = 0;
  const property = fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 30 }), async (steps) => {
    const contextId = await newContext(fixture, null);
    const model = new Model();
    const forks: string[] = [];
    const write = (value: number, as: "data" | "patch") =>
      writeContext(
        runtime,
        admin,
        as === "data" || model.versions.length === 0
          ? { contextId, data: document(part(value)) }
          : { contextId, patch: [{ op: "replace", path: "/value", value: part(value) }] },
      );
    const perform = async (one: Exclude<Step, { do: "write" }>): Promise<unknown> => {
      const number = "back" in one ? model.at(one.back) : 0;
      switch (one.do) {
        case "rollBack":
          return rollBackContext(runtime, admin, { contextId, toVersion: number, reason: "model" });
        case "release":
          return releaseVersion(runtime, admin, { contextId, number, reason: "model" });
        case "fork":
          return forks.push((await forkContext(runtime, admin, { contextId, number, name: newId() })).id);
        case "pin":
          return pinVersion(runtime, admin, { contextId, number, name: `pin ${one.name}` });
        case "unpin":
          return unpinVersion(runtime, admin, { contextId, name: `pin ${one.name}` });
        case "limit":
          return database.query(sql`update contexts set keep_versions = ${one.keep} where id = ${contextId}`);
        case "prune":
          return pruneContexts(runtime);
      }
    };
    const outcome = (doing: Promise<unknown>) => doing.then(() => "done").catch((error: Error) => error.name);
    for (const one of steps) {
      if (one.do === "write") {
        for (const value of one.values) {
          const actual = await outcome(write(value, one.as));
          expect(actual, `write ${value}`).toBe(model.write(value));
        }
        continue;
      }
      const actual = await outcome(perform(one));
      expect(actual, JSON.stringify(one)).toBe(model.step(one));
    }
    const count = model.versions.length;
    const data = await readAll(fixture, contextId, count);
    for (const [at, version] of model.versions.entries()) {
      const expected = version.pruned ? "VersionPruned" : document(part(version.value));
      expect(canonicalize(data.get(at + 1)), `version ${at + 1}`).toBe(canonicalize(expected));
    }
    const keys = model.versions.map((_, at) => ({ contextId, number: at + 1 }));
    const versions = (await getVersions(runtime, admin, keys)).toSorted((one, other) => one.number - other.number);
    for (const [at, version] of versions.entries()) {
      expect(version.parentHash).toBe(versions[at - 1]?.hash ?? null);
      expect(hashOfVersion(version)).toBe(version.hash);
      expect(version.heldSince !== null, `version ${at + 1} is held`).toBe(model.versions[at]?.held);
    }
    expect(
      new Map((await getPins(runtime, admin, [contextId])).map((pin) => [Number(pin.name.slice(4)), pin.number])),
    ).toEqual(model.pins);
    for (const [at, value] of model.forks.entries())
      expect((await readAll(fixture, forks[at] as string, 1)).get(1)).toEqual(document(part(value)));
    expect(await violationsIn(database)).toEqual([]);
    removed += model.removed;
  });
  await fc.assert(property, { numRuns: 40 });
  expect(removed).toBeGreaterThan(100);
}, 240_000);
