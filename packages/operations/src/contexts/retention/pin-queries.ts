import { rowColumns } from "@muster/database/row-columns.ts";
import { statement } from "@muster/database/statement.ts";
import { contextPins } from "@muster/database/tables/context-pins.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { authorize } from "../../authorize.ts";
import type { Runtime } from "../../runtime.ts";
import { contextScopeOf, inContextScope } from "../context-scope.ts";
import type { ContextVersion } from "../versions/version-row.ts";

/** A name that a version has. */
export type ContextPin = Omit<typeof contextPins.$inferSelect, "author"> & Pick<ContextVersion, "author">;

const COLUMNS = rowColumns(contextPins, "p");

const pinsOfContexts = statement<ContextPin>(`
  select ${COLUMNS} from contexts c join context_pins p on p.context_id = c.id
  where c.id = any($1::uuid[]) and ${inContextScope("c", 2)} order by p.context_id, p.number, p.name`);

const pinsOfVersions = statement<ContextPin>(`
  select ${COLUMNS}
  from unnest($1::uuid[], $2::int[]) as wanted(context_id, number)
  join contexts c on c.id = wanted.context_id and ${inContextScope("c", 3)}
  join context_pins p on p.context_id = wanted.context_id and p.number = wanted.number
  order by p.context_id, p.number, p.name`);

/** The pins of each of the contexts that the caller may see, by version and name: at most 1,000 of each. */
export async function getPins(runtime: Runtime, caller: Caller, contextIds: readonly string[]): Promise<ContextPin[]> {
  caller = authorize(caller, "context.read");
  return runtime.database.run(pinsOfContexts, [contextIds, ...contextScopeOf(caller)]);
}

/** The pins of each of the versions that the caller may see, by name. */
export async function getPinsOfVersions(
  runtime: Runtime,
  caller: Caller,
  versions: readonly Pick<ContextPin, "contextId" | "number">[],
): Promise<ContextPin[]> {
  caller = authorize(caller, "context.read");
  const [ids, numbers] = [versions.map((each) => each.contextId), versions.map((each) => each.number)];
  return runtime.database.run(pinsOfVersions, [ids, numbers, ...contextScopeOf(caller)]);
}
