import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { authorize } from "../../authorize.ts";
import type { Runtime } from "../../runtime.ts";
import { contextScopeOf, inContextScope } from "../context-scope.ts";

const storedBytes = statement<{ contextId: string; bytes: string }>(`
  select c.id as "contextId", (select coalesce(sum(octet_length(k.body)), 0) from context_contents k where k.context_id = c.id) as bytes
  from contexts c where c.id = any($1::uuid[]) and ${inContextScope("c", 2)}`);

/** How many bytes of JSON, snapshots and patches, are stored for each of the contexts that the caller may see. */
export async function getStoredBytes(
  runtime: Runtime,
  caller: Caller,
  contextIds: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  caller = authorize(caller, "context.read");
  const rows = await runtime.database.run(storedBytes, [contextIds, ...contextScopeOf(caller)]);
  return new Map(rows.map(({ contextId, bytes }) => [contextId, Number(bytes)]));
}
