import type { Caller } from "@muster/domain/actor.ts";
import type { PageArguments } from "@muster/domain/page.ts";
import type { RollbackState } from "@muster/domain/rollback-state.ts";
import { type SQL, sql } from "drizzle-orm";
import { authorize } from "../authorize.ts";
import { type Pages, PARENT, readPages } from "../page-query.ts";
import type { Runtime } from "../runtime.ts";
import { withinContextScope } from "./context-scope.ts";

/** A context that an agent has read. */
export interface ContextReading {
  readonly agentId: string;
  readonly contextId: string;
  /** The newest version that it has loaded; 0: it read before the first write. */
  readonly version: number;
  /** When it loaded that. */
  readonly at: Date;
  /** Its answer to the last rollback; null when it was not asked. */
  readonly answer: RollbackState | null;
  readonly answerError: string | null;
  readonly answeredAt: Date | null;
  /** The version that the last rollback appended. */
  readonly rollbackVersion: number | null;
}

const COLUMNS =
  sql.raw(`r.agent_id as "agentId", r.context_id as "contextId", r.version, r.at, answered.state as answer,
  answered.error as "answerError", answered.answered_at as "answeredAt", c.rollback_version as "rollbackVersion"`);

const FROM = sql.raw(`context_readers r join contexts c on c.id = r.context_id left join rollback_confirmations answered
  on answered.context_id = r.context_id and answered.version = c.rollback_version and answered.agent_id = r.agent_id`);

/** A page of the contexts, its own and shared ones, that each agent has read and that the caller may see, the oldest first. */
export async function listReadings(
  runtime: Runtime,
  caller: Caller,
  agentIds: readonly string[],
  { shared, page }: { readonly shared?: boolean | null; readonly page: PageArguments },
): Promise<Pages<ContextReading>> {
  caller = authorize(caller, "context.read");
  const where: SQL[] = [sql`r.agent_id = ${PARENT}`, withinContextScope(caller, "c")];
  if (typeof shared === "boolean") where.push(shared ? sql`c.agent_id is null` : sql`c.agent_id is not null`);
  const orderBy = [{ expression: sql`r.context_id`, type: "uuid" }] as const;
  return readPages(
    runtime.database,
    { columns: COLUMNS, from: FROM, where, orderBy, direction: "ASC" },
    agentIds,
    page,
  );
}
