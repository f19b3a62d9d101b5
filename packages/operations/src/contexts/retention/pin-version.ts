import type { Connection } from "@muster/database/database.ts";
import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { InvalidInput, LimitExceeded, NotFound, VersionPruned } from "@muster/domain/errors.ts";
import { appendEvents } from "@muster/events/append.ts";
import { z } from "zod";
import { authorize } from "../../authorize.ts";
import { parseInput, text } from "../../input.ts";
import { type Runtime, writeAll } from "../../runtime.ts";
import { contextEvent, contextEventValues } from "../context-event.ts";
import { type Context, lockContext, readContext } from "../context-queries.ts";
import { loadVersion } from "../versions/version-queries.ts";
import type { ContextVersion } from "../versions/version-row.ts";

/** Most pins of one context. */
export const MAX_PINS = 1_000;

const pinName = text(200);
const PinVersion = z.object({
  contextId: z.uuid(),
  number: z.number().int().min(1).max(2_147_483_647),
  name: pinName,
});
export type PinVersionInput = z.input<typeof PinVersion>;

const UnpinVersion = z.object({ contextId: z.uuid(), name: pinName });
export type UnpinVersionInput = z.input<typeof UnpinVersion>;

const presentPins = statement<{ pinnedTo: number | null; count: number }>(`
  select (select number from context_pins p where p.context_id = $1 and p.name = $2) as "pinnedTo",
         (select count(*)::int from context_pins p where p.context_id = $1) as count`);

/** SQL: the context of the CTE `change`, which has its `name` and `number`, with the time of what happens to it. */
function changedPin(change: string): string {
  return `(
    select c.*, p.name as pin, p.number, greatest(clock_timestamp(), newest.created_at) as at
    from ${change} p join contexts c on c.id = p.context_id
    join context_versions newest on newest.context_id = c.id and newest.number = c.current_version) source`;
}

const PAYLOAD = "jsonb_build_object('name', pin, 'number', number)";

const insertPin = statement<never>(`
  with pinned as (
    insert into context_pins (context_id, number, name, author)
    values ($1, $2, $3, jsonb_build_object('kind', $4::text, 'id', $5::uuid, 'name', $6::text)) returning *
  ), happened as (select ${contextEvent("context.version_pinned", PAYLOAD, 4)} from ${changedPin("pinned")}
  ), appended as (${appendEvents("happened")})
  select 1 from pinned`);

// Retention has passed over the version because of its pin: it judges again from there on.
const deletePin = statement<{ number: number }>(`
  with unpinned as (delete from context_pins where context_id = $1 and name = $2 returning *
  ), unjudged as (
    update contexts c set pruned_through = p.number - 1 from unpinned p where c.id = p.context_id and c.pruned_through >= p.number
  ), happened as (select ${contextEvent("context.version_unpinned", PAYLOAD, 3)} from ${changedPin("unpinned")}
  ), appended as (${appendEvents("happened")})
  select number from unpinned`);

/**
 * Gives a version a name, unique in its context, and keeps retention from ever removing its data. Pinning the same version by the
 * same name again changes nothing. Throws `NotFound` without the version, `VersionPruned` when its data has been removed already,
 * `InvalidInput` when another version has the name, and `LimitExceeded` for more than 1,000 pins.
 */
export async function pinVersion(runtime: Runtime, caller: Caller, input: PinVersionInput): Promise<ContextVersion> {
  caller = authorize(caller, "context.write");
  const { contextId, number, name } = parseInput(PinVersion, input);
  return writeAll(runtime, async (transaction) => {
    await lockContext(transaction, caller, contextId);
    const version = await loadVersion(transaction, caller, { contextId, number });
    if (!version) throw new NotFound("context version");
    if (!(await isPinned(transaction, version, name)))
      await transaction.run(insertPin, [contextId, number, name, ...contextEventValues(caller, null)]);
    return version;
  });
}

/** Whether it has this name already. Throws when it cannot get it. */
async function isPinned(transaction: Connection, version: ContextVersion, name: string): Promise<boolean> {
  const [present] = await transaction.run(presentPins, [version.contextId, name]);
  const { pinnedTo = null, count = 0 } = present ?? {};
  if (pinnedTo === version.number) return true;
  if (pinnedTo !== null) {
    const message = `is taken: it is pinned to version ${pinnedTo}. Unpin it there first, or choose another name.`;
    throw new InvalidInput([{ path: ["name"], message }]);
  }
  if (version.prunedAt !== null) throw new VersionPruned(version.number);
  if (count >= MAX_PINS)
    throw new LimitExceeded("pinsPerContext", `The context has ${MAX_PINS} pins, and no more: unpin some first.`);
  return false;
}

/** Takes a name off the version that has it, so that retention may remove its data. Throws `NotFound` when none has it. */
export async function unpinVersion(runtime: Runtime, caller: Caller, input: UnpinVersionInput): Promise<Context> {
  caller = authorize(caller, "context.write");
  const { contextId, name } = parseInput(UnpinVersion, input);
  return writeAll(runtime, async (transaction) => {
    await lockContext(transaction, caller, contextId);
    const unpinned = await transaction.run(deletePin, [contextId, name, ...contextEventValues(caller, null)]);
    if (unpinned.length === 0) throw new NotFound("pin");
    return readContext(transaction, caller, contextId);
  });
}
