import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { violationsIn } from "../../../test/consistency.ts";
import { createFixture, type Fixture } from "../../../test/fixtures.ts";
import type { RollbackProcess } from "../../../test/rollback-process.ts";
import { rollbacksOn } from "../../../test/rollbacks.ts";

const PROCESS = fileURLToPath(new URL("../../../test/rollback-process.ts", import.meta.url));
/** More than any of them sends. */
const MOST_STATEMENTS = 40;

let fixture: Fixture;
let on: ReturnType<typeof rollbacksOn>;
beforeAll(async () => {
  fixture = await createFixture();
  on = rollbacksOn(fixture);
});
afterAll(() => fixture.close());

/** Does it in a process of its own, and gives the signal that ended it. */
async function runProcess(told: Omit<RollbackProcess, "url">): Promise<string | null> {
  const input: RollbackProcess = { url: fixture.url, ...told };
  const child = spawn(process.execPath, [PROCESS, JSON.stringify(input)], { stdio: ["ignore", "ignore", "inherit"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  const [code, signal] = (await once(child, "exit")) as [number | null, string | null];
  if (signal === null && code !== 0) throw new Error(`The process ended with code ${code}.`);
  return signal;
}

/** All that these operations write. */
async function everything(contextId: string): Promise<unknown> {
  const [found] = await fixture.database.query(sql`
    select (select to_jsonb(c) from contexts c where c.id = ${contextId}) as context,
      (select jsonb_agg(v order by v.number) from context_versions v where v.context_id = ${contextId}) as versions,
      (select jsonb_agg(r order by r.version, r.agent_id) from rollback_confirmations r where r.context_id = ${contextId}) as confirmations,
      (select jsonb_agg(a order by a.id) from agents a where a.id in (select agent_id from context_readers where context_id = ${contextId})) as agents,
      (select count(*)::int from events e where e.context_id = ${contextId}) as events`);
  return found;
}

const AFTER = { roll: "PENDING", retry: "PENDING", restart: "PENDING", force: "SUCCEEDED" } as const;

describe("a process that is killed with -9 between two statements", () => {
  it.each(["roll", "retry", "restart", "force"] as const)(
    "has done all or nothing of it: %s",
    { timeout: 240_000 },
    async (does) => {
      const [failing, silent] = [await on.agent(), await on.agent()];
      const contextId = await on.contextOf([failing, silent]);
      if (does !== "roll") {
        await on.rollBack(contextId, 2);
        await on.acknowledge(contextId, failing, 4, false, "no");
      }
      const before = await everything(contextId);
      let deaths = 0;
      for (; deaths < MOST_STATEMENTS; deaths++) {
        if ((await runProcess({ contextId, does, dieAt: deaths })) === null) break;
        // Its locks go with its connection: nothing of it is there, and nobody waits for it.
        expect(await everything(contextId), `died at ${deaths}`).toEqual(before);
      }
      expect(deaths).toBeGreaterThanOrEqual(4);
      expect(deaths).toBeLessThan(MOST_STATEMENTS);
      expect(await on.stateOf(contextId)).toMatchObject({ rollbackState: AFTER[does] });
      expect(await everything(contextId)).not.toEqual(before);
      const broken = (await violationsIn(fixture.database)).filter(({ subject }) => subject === contextId);
      expect(broken).toEqual([]);
    },
  );
});
