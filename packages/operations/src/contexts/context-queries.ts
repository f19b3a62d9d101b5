import type { Connection } from "@muster/database/database.ts";
import { rowColumns } from "@muster/database/row-columns.ts";
import { statement } from "@muster/database/statement.ts";
import { contexts } from "@muster/database/tables/contexts.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { NotFound } from "@muster/domain/errors.ts";
import type { PageArguments } from "@muster/domain/page.ts";
import { ROLLBACK_STATES } from "@muster/domain/rollback-state.ts";
import { sql, type SQL } from "drizzle-orm";
import { z } from "zod";
import { authorize } from "../authorize.ts";
import { parseInput, text } from "../input.ts";
import { type Pages, PARENT, readPages } from "../page-query.ts";
import type { Runtime } from "../runtime.ts";
import { contextScopeOf, inContextScope, withinContextScope } from "./context-scope.ts";

export type Context = typeof contexts.$inferSelect;

const COLUMNS = rowColumns(contexts, "c");

const contextsById = statement<Context>(
  `select ${COLUMNS} from contexts c where c.id = any($1::uuid[]) and ${inContextScope("c", 2)}`,
);
const lockedContext = statement<Context>(
  `select ${COLUMNS} from contexts c where c.id = $1 and ${inContextScope("c", 2)} for no key update`,
);

/** The contexts with these ids that the caller may see, in any order. */
export async function getContexts(runtime: Runtime, caller: Caller, ids: readonly string[]): Promise<Context[]> {
  caller = authorize(caller, "context.read");
  return runtime.database.run(contextsById, [ids, ...contextScopeOf(caller)]);
}

/** The context. Throws `NotFound` where the caller sees none. */
export async function readContext(connection: Connection, caller: Caller, contextId: string): Promise<Context> {
  const [context] = await connection.run(contextsById, [[contextId], ...contextScopeOf(caller)]);
  if (!context) throw new NotFound("context");
  return context;
}

/** Like `readContext`, and holds the context's row until the transaction ends. */
export async function lockContext(transaction: Connection, caller: Caller, contextId: string): Promise<Context> {
  const [context] = await transaction.run(lockedContext, [contextId, ...contextScopeOf(caller)]);
  if (!context) throw new NotFound("context");
  return context;
}

const Filter = z.object({
  /** Only this agent's own contexts. */
  agentId: z.uuid().nullish(),
  /** Only those that a project's agents share; false: only those of agents. */
  shared: z.boolean().nullish(),
  /** Part of the name, in any case. */
  search: text(200, 0).nullish(),
  rollbackStates: z.array(z.enum(ROLLBACK_STATES)).nullish(),
});
export type ContextFilter = z.input<typeof Filter>;

/** Whose contexts: those of projects, or agents' own. */
export type ContextScope = { readonly projectIds: readonly string[] } | { readonly agentIds: readonly string[] };

/** A page of the contexts of each project or agent that the caller may see, by name. */
export async function listContexts(
  runtime: Runtime,
  caller: Caller,
  scope: ContextScope,
  filter: ContextFilter,
  page: PageArguments,
): Promise<Pages<Context>> {
  caller = authorize(caller, "context.read");
  const { agentId, shared, search, rollbackStates } = parseInput(Filter, filter);
  const ofProjects = "projectIds" in scope;
  const where: SQL[] = [
    ofProjects ? sql`c.project_id = ${PARENT}` : sql`c.agent_id = ${PARENT}`,
    withinContextScope(caller, "c"),
  ];
  if (agentId) where.push(sql`c.agent_id = ${agentId}`);
  if (typeof shared === "boolean") where.push(shared ? sql`c.agent_id is null` : sql`c.agent_id is not null`);
  if (search) where.push(sql`strpos(lower(c.name), lower(${search})) > 0`);
  if (rollbackStates) where.push(sql`c.rollback_state = any(${sql.param(rollbackStates)}::text[])`);
  return readPages<Context>(
    runtime.database,
    {
      columns: sql.raw(COLUMNS),
      from: sql`contexts c`,
      where,
      orderBy: [
        { expression: sql`c.name`, type: "text" },
        { expression: sql`c.id`, type: "uuid" },
      ],
      direction: "ASC",
    },
    ofProjects ? scope.projectIds : scope.agentIds,
    page,
  );
}
