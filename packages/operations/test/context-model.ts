import fc from "fast-check";

interface Write {
  do: "write" | "patch" | "mergePatch";
  value: number;
  base: number | null;
  expected: number | null;
  merge: boolean;
  key: number | null;
  message: string | null;
}
/** What may happen to a context. */
export type ContextStep =
  | Write
  | { do: "rollBack"; to: number; expected: number | null }
  | { do: "release"; number: number }
  | { do: "acknowledge"; version: number; ok: boolean };

interface ModelVersion {
  value: number;
  held: boolean;
  rolledBackTo: number | null;
  mergedFrom: number | null;
}

/** What a context should do, in the plainest way. Each step gives the name of its error, or "done". */
export class ContextModel {
  versions: ModelVersion[] = [];
  keys = new Map<number, number>();
  pointer: number | null = null;
  rollbackVersion: number | null = null;
  state: string | null = null;
  asked = false;
  reads = false;

  /** The value where only one side has changed it, or both alike; else null. */
  merge(from: number, ours: number): number | null {
    const [base, theirs] = [this.versions[from - 1]?.value, this.versions.at(-1)?.value as number];
    if (ours === base) return theirs;
    return theirs === base || theirs === ours ? ours : null;
  }

  step(step: ContextStep): string {
    const current = this.versions.length;
    switch (step.do) {
      case "write":
      case "patch":
      case "mergePatch": {
        if (step.merge && step.base === null) return "InvalidInput";
        if (step.key !== null && this.keys.has(step.key)) return `version ${this.keys.get(step.key)}`;
        if (step.base !== null && step.base < (this.rollbackVersion ?? 0)) return "RollbackPending";
        const expected = step.expected ?? (step.do === "write" || step.merge ? null : step.base);
        if (expected !== null && expected !== current) return "Conflict";
        if (step.base !== null && step.base > current) return "InvalidInput";
        const mergedFrom = step.merge && step.base !== null && step.base < current ? step.base : null;
        const value = mergedFrom === null ? step.value : this.merge(mergedFrom, step.value);
        if (value === null) return "Conflict";
        if (this.versions.some((version) => version.held && version.value === value)) return "VersionHeld";
        this.versions.push({ value, held: false, rolledBackTo: null, mergedFrom });
        if (step.key !== null) this.keys.set(step.key, current + 1);
        return `version ${current + 1}`;
      }
      case "rollBack": {
        if (step.expected !== null && step.expected !== current) return "Conflict";
        if (step.to >= current) return "InvalidInput";
        const value = this.versions[step.to - 1]?.value as number;
        for (const [at, version] of this.versions.entries()) {
          if (version.value === value) version.held = false;
          else if (at + 1 > step.to) version.held = true;
        }
        this.versions.push({ value, held: false, rolledBackTo: step.to, mergedFrom: null });
        this.pointer = step.to;
        this.rollbackVersion = current + 1;
        this.asked = this.reads;
        this.state = this.reads ? "PENDING" : "SUCCEEDED";
        return "done";
      }
      case "release": {
        const value = this.versions[step.number - 1]?.value;
        if (value === undefined) return "NotFound";
        for (const version of this.versions) if (version.value === value) version.held = false;
        return "done";
      }
      case "acknowledge":
        if (step.version > current) return "InvalidInput";
        if (step.ok) this.reads = true;
        if (this.asked && this.state === "PENDING" && step.version >= (this.rollbackVersion ?? 0)) {
          this.state = step.ok ? "SUCCEEDED" : "FAILED";
          this.asked = false;
        }
        return "done";
    }
  }
}

const number = fc.integer({ min: 1, max: 8 });
const write = {
  value: fc.integer({ min: 0, max: 4 }),
  base: fc.option(fc.nat(8), { freq: 3 }),
  expected: fc.option(fc.nat(8), { freq: 5 }),
  merge: fc.boolean(),
  key: fc.option(fc.nat(3), { freq: 4 }),
  message: fc.option(
    fc.string({ minLength: 1, maxLength: 20, unit: "grapheme" }).filter((text) => !text.includes("\0")),
  ),
};
export const contextStep: fc.Arbitrary<ContextStep> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant("write" as const), ...write, expected: fc.constant(null) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("write" as const), ...write }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom("patch" as const, "mergePatch" as const), ...write }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("rollBack" as const),
      to: number,
      expected: fc.option(fc.nat(8), { freq: 5 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("release" as const), number }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("acknowledge" as const), version: number, ok: fc.boolean() }) },
);
