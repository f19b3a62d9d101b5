import { Conflict, Forbidden, IllegalTransition, InvalidInput, NotFound } from "@muster/domain/errors.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createFixture, type Fixture } from "../../../test/fixtures.ts";
import { rollbacksOn } from "../../../test/rollbacks.ts";
import { pendingContextChanges } from "../inbox-queries.ts";
import { forceRollback } from "./force-rollback.ts";
import { retryRollback } from "./retry-rollback.ts";

let fixture: Fixture;
let on: ReturnType<typeof rollbacksOn>;
beforeAll(async () => {
  fixture = await createFixture();
  on = rollbacksOn(fixture);
});
afterAll(() => fixture.close());

const force = (contextId: string, more: object = {}) =>
  forceRollback(fixture.runtime, fixture.admin, { contextId, reason: "it is safe", ...more });

describe("forceRollback", () => {
  it("declares it succeeded, says who, why and without whom, and leaves the answers as they are", async () => {
    const [good, bad, silent] = [await on.agent(), await on.agent(), await on.agent()];
    const contextId = await on.contextOf([good, bad, silent]);
    await on.rollBack(contextId);
    await on.acknowledge(contextId, good, 4);
    await on.acknowledge(contextId, bad, 4, false, "no memory");
    expect(await force(contextId)).toMatchObject({ rollbackState: "SUCCEEDED", rollbackVersion: 4 });
    const answers = { [good.id]: "SUCCEEDED", [bad.id]: "FAILED", [silent.id]: "PENDING" };
    expect(await on.answers(contextId)).toEqual(answers);
    const events = await on.events(contextId, "context.rollback_settled");
    expect(events.at(-1)).toEqual({
      reason: "it is safe",
      payload: {
        version: 4,
        state: "SUCCEEDED",
        error: null,
        forced: true,
        unconfirmed: [
          { agent: bad.caller.actor.name, error: "no memory" },
          { agent: silent.caller.actor.name, error: null },
        ],
      },
    });
    // The one that has not answered is still asked, and its answer is kept.
    expect(await pendingContextChanges(fixture.database, [silent.id])).toHaveLength(1);
    await on.acknowledge(contextId, silent, 4, false, "late");
    expect(await on.answers(contextId)).toEqual({ ...answers, [silent.id]: "FAILED" });
    expect((await on.stateOf(contextId)).rollbackState).toBe("SUCCEEDED");
    expect(await on.settled(contextId)).toHaveLength(2);
  });

  it("refuses what is over, was never, and a rollback that is not the one that was seen", async () => {
    const agent = await on.agent();
    const contextId = await on.contextOf([agent]);
    await expect(force(contextId)).rejects.toThrow(NotFound);
    await on.rollBack(contextId);
    await expect(force(contextId, { reason: "" })).rejects.toThrow(InvalidInput);
    await expect(force(contextId, { expectedVersion: 3 })).rejects.toThrow(Conflict);
    const input = { contextId, reason: "I am an agent" };
    await expect(forceRollback(fixture.runtime, agent.caller, input)).rejects.toThrow(Forbidden);
    await force(contextId, { expectedVersion: 4 });
    await expect(force(contextId)).rejects.toThrow(IllegalTransition);
    expect(await on.settled(contextId)).toHaveLength(1);
  });

  it("settles once when answers arrive at the same moment, and somebody retries", async () => {
    for (let round = 0; round < 12; round++) {
      const [one, two] = [await on.agent(), await on.agent()];
      const contextId = await on.contextOf([one, two]);
      await on.rollBack(contextId);
      await on.acknowledge(contextId, one, 4);
      const [forced] = await Promise.allSettled([
        force(contextId),
        on.acknowledge(contextId, two, 4),
        force(contextId),
      ]);
      expect((await on.stateOf(contextId)).rollbackState).toBe("SUCCEEDED");
      expect(await on.settled(contextId)).toHaveLength(1);
      if (forced.status === "rejected") expect(forced.reason).toBeInstanceOf(IllegalTransition);
      await expect(retryRollback(fixture.runtime, fixture.admin, { contextId, reason: "once more" })).rejects.toThrow(
        IllegalTransition,
      );
    }
  });
});

it("leaves nothing that contradicts itself", async () => {
  expect(await on.violations()).toEqual([]);
});
