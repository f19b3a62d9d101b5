import { type SQL, sql } from "drizzle-orm";
import type { LoggedEvent } from "./event.ts";

/**
 * Whose events: of a project; of a workspace and all of its projects; of what is outside of all workspaces ("installation"); all
 * ("everywhere"); or about one person and their sessions. Ids are UUIDs.
 */
export type FeedPlace =
  | { readonly projectId: string }
  | { readonly workspaceId: string }
  | { readonly userId: string }
  | "installation"
  | "everywhere";

/** What tells places apart: an id is of one thing only. */
export function placeKey(place: FeedPlace): string {
  if (typeof place === "string") return place;
  if ("projectId" in place) return place.projectId;
  return "workspaceId" in place ? place.workspaceId : place.userId;
}

/** The keys of all places that have the event, but for its project's. */
export function widerPlacesOf({ projectId, workspaceId, type, subjectId, payload }: LoggedEvent): string[] {
  if (workspaceId !== null) return ["everywhere", workspaceId];
  if (projectId !== null) return ["everywhere"];
  const person = type.startsWith("user.") ? subjectId : type.startsWith("session.") ? userIdIn(payload) : null;
  return person === null ? ["everywhere", "installation"] : ["everywhere", "installation", person];
}

/** Whether the place has the event. Agrees with `placeCondition`. */
export function isOf(place: FeedPlace, event: LoggedEvent): boolean {
  const key = placeKey(place);
  return key === event.projectId || widerPlacesOf(event).includes(key);
}

const OUTSIDE = sql`e.project_id is null and e.workspace_id is null`;

/** The place as a condition on `events e`; null: all events. */
export function placeCondition(place: FeedPlace): SQL | null {
  if (place === "everywhere") return null;
  if (place === "installation") return OUTSIDE;
  if ("projectId" in place) return sql`e.project_id = ${place.projectId}::uuid`;
  if ("workspaceId" in place) return sql`e.workspace_id = ${place.workspaceId}::uuid`;
  return sql`${OUTSIDE} and ((starts_with(e.type, 'user.') and e.subject_id = ${place.userId}::uuid)
    or (starts_with(e.type, 'session.') and e.payload ->> 'userId' = ${place.userId}))`;
}

/**
 * A query that gives the first `limit` of the place's events (`e.*`) that meet the conditions, in the order of their ids, by indexes
 * alone. There is none by workspace: each of its projects is read by itself.
 */
export function eventsOf(place: FeedPlace, conditions: SQL, limit: SQL): SQL {
  const first = (of: SQL | null, order = sql`e.id`) =>
    sql`(select e.* from events e where ${of ? sql`${of} and ${conditions}` : conditions} order by ${order} limit ${limit})`;
  if (typeof place === "object" && "workspaceId" in place) {
    const workspace = sql`${place.workspaceId}::uuid`;
    return sql`(select e.* from (
      select found.* from (select id from projects where workspace_id = ${workspace}) p cross join lateral ${first(sql`e.project_id = p.id`)} found
      union all ${first(sql`e.project_id is null and e.workspace_id = ${workspace}`)}
    ) e order by e.id limit ${limit})`;
  }
  // Postgres does not see by itself that where all are null only the id orders.
  const isOutside = place === "installation" || (typeof place === "object" && "userId" in place);
  return first(placeCondition(place), isOutside ? sql`e.workspace_id, e.id` : undefined);
}

function userIdIn(payload: unknown): string | null {
  const found = typeof payload === "object" && payload !== null && "userId" in payload ? payload.userId : null;
  return typeof found === "string" ? found : null;
}
