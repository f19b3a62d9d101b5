import type { AgentState } from "@muster/domain/agent-lifecycle.ts";
import { sql } from "drizzle-orm";
import { acknowledgeContext } from "../src/contexts/rollbacks/acknowledge-context.ts";
import { getLastConfirmations } from "../src/contexts/rollbacks/confirmation-queries.ts";
import { type Context, readContext } from "../src/contexts/context-queries.ts";
import { dropAgentFromRollbacks } from "../src/contexts/rollbacks/drop-agent-from-rollbacks.ts";
import { openContext } from "../src/contexts/open-context.ts";
import { rollBackContext } from "../src/contexts/rollbacks/roll-back-context.ts";
import { getVersionData } from "../src/contexts/versions/version-queries.ts";
import { writeContext } from "../src/contexts/versions/write-context.ts";
import { newId } from "../src/new-id.ts";
import { ROLLBACK_INVARIANTS } from "../src/testing/rollback-invariants.ts";
import { violationsIn } from "./consistency.ts";
import { addAgent, type Fixture } from "./fixtures.ts";

export type TestAgent = Awaited<ReturnType<typeof addAgent>>;

/** What tests of rollbacks do again and again, on one fixture. */
export function rollbacksOn(fixture: Fixture) {
  const { runtime, admin, database, projectId } = fixture;
  let named = 0;
  return {
    agent: (state: AgentState = "ONLINE") => addAgent(fixture, `agent-${++named}`, state),

    /** A context with versions 1, 2, 3: an agent's, or shared and read by these agents. */
    async contextOf(readers: readonly TestAgent[], agentId: string | null = null): Promise<string> {
      const { id } = await openContext(runtime, admin, { projectId, agentId, name: newId() });
      for (const value of [1, 2, 3]) await writeContext(runtime, admin, { contextId: id, data: { value } });
      for (const reader of readers) await getVersionData(runtime, reader.caller, [{ contextId: id, number: 3 }]);
      return id;
    },

    rollBack: (contextId: string, toVersion = 1, expectedVersion?: number) =>
      rollBackContext(runtime, admin, { contextId, toVersion, reason: "it was wrong", expectedVersion }),

    acknowledge: (contextId: string, by: TestAgent, version: number, ok = true, error?: string) =>
      acknowledgeContext(runtime, by.caller, { contextId, agentId: by.id, version, ok, error }),

    stateOf: (contextId: string): Promise<Context> => readContext(database, admin, contextId),

    /** The payloads of the events that say how rollbacks ended. */
    async settled(contextId: string): Promise<object[]> {
      const rows = await database.query<{ payload: object }>(
        sql`select payload - 'shared' as payload from events where context_id = ${contextId} and type = 'context.rollback_settled' order by id`,
      );
      return rows.map((row) => row.payload);
    },

    /** Reason and payload of the context's events of a type, in order. */
    events: (contextId: string, type: string) =>
      database.query<{ reason: string | null; payload: object }>(
        sql`select reason, payload - 'shared' as payload from events where context_id = ${contextId} and type = ${type} order by id`,
      ),

    /** The agents' answers to the last rollback. */
    async answers(contextId: string): Promise<Record<string, string>> {
      const rows = await getLastConfirmations(runtime, admin, [contextId]);
      return Object.fromEntries(rows.map((row) => [row.agentId, row.state]));
    },

    /** What contradicts itself about rollbacks, of all contexts. */
    violations: async () =>
      (await violationsIn(database)).filter(({ invariant }) =>
        ROLLBACK_INVARIANTS.some(({ name }) => name === invariant),
      ),

    /** What an agent's transition to OFFLINE does to contexts. */
    leave: (one: TestAgent) =>
      database.transaction(async (transaction) => {
        await transaction.query(sql`update agents set state = 'OFFLINE', version = version + 1 where id = ${one.id}`);
        await dropAgentFromRollbacks(transaction, admin, one.id);
      }),
  };
}
