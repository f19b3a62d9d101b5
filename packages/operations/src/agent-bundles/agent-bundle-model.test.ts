import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { bundlesOn, type Whole } from "../../test/bundles.ts";
import { violationsIn } from "../../test/consistency.ts";
import { createFixture, type Fixture } from "../../test/fixtures.ts";
import { rollBackContext } from "../contexts/rollbacks/roll-back-context.ts";

let fixture: Fixture;
let on: ReturnType<typeof bundlesOn>;
beforeAll(async () => {
  fixture = await createFixture();
  on = bundlesOn(fixture);
  await on.defineWorker(["first"]);
});
afterAll(() => fixture.close());

const NAMES = ["a", "b", "c"] as const;

type Name = (typeof NAMES)[number];
type Step =
  | { readonly do: "write"; readonly name: Name }
  | { readonly do: "rollBackContext"; readonly name: Name }
  | { readonly do: "update"; readonly level?: number; readonly limit?: number; readonly version?: number }
  | { readonly do: "rename"; readonly pick: number }
  | { readonly do: "rollBack"; readonly pick: number };

const few = fc.integer({ min: 1, max: 3 });
const name = fc.constantFrom(...NAMES);
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof<fc.WeightedArbitrary<Step>[]>(
    { weight: 4, arbitrary: fc.record({ do: fc.constant("write" as const), name }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant("rollBackContext" as const), name }) },
    {
      weight: 3,
      arbitrary: fc.record(
        { do: fc.constant("update" as const), level: few, limit: few, version: fc.integer({ min: 1, max: 2 }) },
        { requiredKeys: ["do"] },
      ),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant("rename" as const), pick: fc.nat(1_000_000) }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant("rollBack" as const), pick: fc.nat(100) }) },
  ),
  { minLength: 5, maxLength: 25 },
);

it("each bundle is what the agent was then, and a rollback brings it back", async () => {
  await on.defineWorker(["second"]);
  let values = 0;
  await fc.assert(
    fc.asyncProperty(steps, async (sequence) => {
      const { id, definitionVersion } = await on.agent({ level: 0 }, "worker");
      const contexts = new Map(
        await Promise.all(NAMES.map(async (each) => [each, await on.context(id, each)] as const)),
      );
      const histories = new Map(NAMES.map((each) => [each, [] as unknown[]]));
      let model: Whole = { definitionVersion, config: { level: 0 }, maxConcurrency: 1, contexts: {} };
      /** By the number of the newest bundle after each step. */
      const recorded = new Map<number, Whole>([[1, model]]);
      const put = (each: Name, data: number) => {
        histories.get(each)?.push(data);
        model = { ...model, contexts: { ...model.contexts, [each]: data } };
      };
      for (const step of sequence) {
        const head = await on.head(id);
        const was = model;
        if (step.do === "write") {
          const data = ++values;
          await on.write(contexts.get(step.name)!, data);
          put(step.name, data);
        } else if (step.do === "rollBackContext") {
          const history = histories.get(step.name)!;
          if (history.length < 2) continue;
          const input = { contextId: contexts.get(step.name)!, toVersion: history.length - 1, reason: "model" };
          await rollBackContext(fixture.runtime, fixture.admin, input);
          put(step.name, history.at(-2) as number);
        } else if (step.do === "update") {
          const { level, limit = model.maxConcurrency, version = model.definitionVersion } = step;
          const config = level === undefined ? model.config : { level };
          await on.update(id, { config, maxConcurrency: limit, definitionVersion: version });
          model = { ...model, config, maxConcurrency: limit, definitionVersion: version };
        } else if (step.do === "rename") {
          await on.update(id, { name: `renamed ${id} ${step.pick}` });
        } else {
          const [toBundle, whole] = [...recorded][step.pick % recorded.size]!;
          const { changed, bundle } = await on.rollBack(id, toBundle);
          for (const each of NAMES) {
            const data = whole.contexts[each];
            if (data !== undefined && data !== model.contexts[each]) put(each, data as number);
          }
          model = { ...whole, contexts: { ...model.contexts, ...whole.contexts } };
          expect(changed).toBe(JSON.stringify(model) !== JSON.stringify({ ...was, contexts: { ...was.contexts } }));
          expect(bundle > head).toBe(changed);
        }
        expect(await on.now(id)).toEqual(model);
        const now = await on.head(id);
        // What changes nothing has no number.
        if (now === head) expect(model).toEqual(recorded.get(head));
        recorded.set(now, model);
      }
      for (const [number, whole] of recorded) expect(await on.at(id, number)).toEqual(whole);
    }),
    { numRuns: 25, interruptAfterTimeLimit: 30_000 },
  );
  expect(await violationsIn(fixture.database)).toEqual([]);
}, 60_000);
