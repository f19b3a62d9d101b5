import { rowColumns } from "@muster/database/row-columns.ts";
import { memberships } from "@muster/database/tables/memberships.ts";
import { identityEvent } from "../identity-event.ts";

/** The role of a person in a place. */
export type Membership = typeof memberships.$inferSelect;

/** The select list that turns the row `alias` into a `Membership`. */
export function membershipColumns(alias: string): string {
  return rowColumns(memberships, alias);
}

interface MembershipEvent {
  readonly type: "membership.granted" | "membership.changed" | "membership.revoked";
  /** SQL: the role before and after; null for none. */
  readonly before: string;
  readonly after: string;
  /** SQL: the person's name, where the same statement makes them. */
  readonly name?: string;
  readonly version?: string;
  readonly reason?: string;
}

const NAME = "(select u.name from users u where u.id = user_id)";

/** SQL: an event for each row of `source`, a CTE with the columns of `memberships`. */
export function membershipEvents(
  source: string,
  { type, before, after, name = NAME, ...rest }: MembershipEvent,
): string {
  return identityEvent(source, {
    type,
    workspace: "workspace_id",
    project: "project_id",
    payload: `jsonb_build_object('userId', user_id, 'name', ${name}, 'before', ${role(before)}, 'after', ${role(after)})`,
    ...rest,
  });
}

function role(expression: string): string {
  return expression === "null" ? "null::jsonb" : `jsonb_build_object('role', ${expression})`;
}
