import { statement } from "@muster/database/statement.ts";
import { appendEvents } from "@muster/events/append.ts";
import { systemCaller } from "@muster/operations/authorize.ts";
import { newId } from "@muster/operations/new-id.ts";
import { type Runtime, write } from "@muster/operations/runtime.ts";
import { identityEvent, whoValues } from "../identity-event.ts";

/** The same everywhere: of several servers that start at once, one makes the person. */
export const FIRST_ADMIN_ID = "00000000-0000-7000-8000-000000000001";

const insertAdmin = statement<{ id: string }>(`
  with person as (
    insert into users (id, name) select $5::uuid, 'admin' where not exists (select from users)
    on conflict (id) do nothing returning id, name, version),
  granted as (
    insert into memberships (id, user_id, role) select $6::uuid, id, 'ADMIN' from person returning *),
  happened as (
    ${identityEvent("person", { type: "user.created", payload: "jsonb_build_object('after', jsonb_build_object('name', name))" })}
    union all ${identityEvent("granted", {
      type: "membership.granted",
      payload:
        "jsonb_build_object('userId', user_id, 'name', (select name from person), 'before', null, 'after', jsonb_build_object('role', role))",
    })}),
  appended as (${appendEvents("happened")})
  select id from person`);

/**
 * Makes the first person, who may do everything: named "admin", without e-mail address and password; links sign them in. Nothing
 * happens when there is anybody already. True when it was made.
 */
export async function createFirstAdmin(runtime: Runtime): Promise<boolean> {
  const made = await write(runtime, insertAdmin, [...whoValues(systemCaller("first start")), FIRST_ADMIN_ID, newId()]);
  return made.length > 0;
}
