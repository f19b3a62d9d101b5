import { rowColumns } from "@muster/database/row-columns.ts";
import { contexts } from "@muster/database/tables/contexts.ts";
import type { Caller } from "@muster/domain/actor.ts";
import type { PageArguments } from "@muster/domain/page.ts";
import { sql } from "drizzle-orm";
import { authorize } from "../authorize.ts";
import { type Pages, PARENT, readPages } from "../page-query.ts";
import type { Runtime } from "../runtime.ts";
import type { Context } from "./context-queries.ts";
import { withinContextScope } from "./context-scope.ts";

/** A page of the contexts that were started from each of these, the newest first: those that the caller may see. */
export async function listForks(
  runtime: Runtime,
  caller: Caller,
  contextIds: readonly string[],
  page: PageArguments,
): Promise<Pages<Context>> {
  caller = authorize(caller, "context.read");
  return readPages<Context>(
    runtime.database,
    {
      columns: sql.raw(rowColumns(contexts, "c")),
      from: sql`contexts c`,
      where: [sql`c.forked_from_id = ${PARENT}`, withinContextScope(caller, "c")],
      orderBy: [{ expression: sql`c.id`, type: "uuid" }],
      direction: "DESC",
    },
    contextIds,
    page,
  );
}
