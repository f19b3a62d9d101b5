import { statement } from "@muster/database/statement.ts";
import { systemCaller } from "../../authorize.ts";
import type { Runtime } from "../../runtime.ts";
import { pruneContext, slackOf } from "./prune-context.ts";

/** Most contexts, and most transactions, of one call. */
const AT_ONCE = 100;

// Each of the two has an index that gives just these contexts, those with the most to prune first.
export const dueContexts = statement<{ id: string }>(`
  (select c.id from contexts c
   where c.keep_versions is not null and c.current_version - c.pruned_through - c.keep_versions - ${slackOf("c.keep_versions")} > 0
   order by c.current_version - c.pruned_through - c.keep_versions - ${slackOf("c.keep_versions")} desc limit ${AT_ONCE})
  union all
  (select due.id from workspaces w cross join lateral (
     select c.id from contexts c
     where c.workspace_id = w.id and c.keep_versions is null
       and c.current_version - c.pruned_through > w.keep_context_versions + ${slackOf("w.keep_context_versions")}
     order by c.current_version - c.pruned_through desc limit ${AT_ONCE}) due
   where w.keep_context_versions is not null)
  limit ${AT_ONCE}`);

/**
 * Removes the data of versions that retention does not ask for, a bounded part of it: call it every few seconds. Any number of
 * replicas may do it at once. One context that fails does not keep the others from being seen to; its error is thrown at the end.
 */
export async function pruneContexts(runtime: Runtime): Promise<void> {
  const caller = systemCaller("context retention");
  const failures: unknown[] = [];
  let due = (await runtime.database.run(dueContexts, [])).map((context) => context.id);
  for (let left = AT_ONCE; due.length > 0 && left > 0;) {
    const more: string[] = [];
    for (const contextId of due.slice(0, left)) {
      left -= 1;
      try {
        if (await pruneContext(runtime, caller, contextId)) more.push(contextId);
      } catch (error) {
        failures.push(error);
      }
    }
    due = more;
  }
  if (failures.length > 0) throw failures[0];
}
