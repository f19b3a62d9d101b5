import type { Reach } from "@muster/domain/actor.ts";
import type pg from "pg";

/** Owns nothing, and sees what the policies of `0008_row_level_security.sql` show it. */
export const TENANT_ROLE = "muster_tenant";

/** The settings that the policies read: how far the statements of a connection reach. */
export interface ReachSettings {
  /** For what belongs to whole workspaces. */
  readonly workspaces: string;
  /** For what is in projects: the projects, or without a limit to these the workspaces. */
  readonly reach: string;
}

/** As the settings say it; null for the whole installation, which no policy holds. */
export function reachSettings({ workspaceIds, projectIds }: Reach): ReachSettings | null {
  const ids = projectIds ?? workspaceIds;
  return ids && { workspaces: workspaceIds === null ? "all" : listed(workspaceIds), reach: listed(ids) };
}

function listed(ids: readonly string[]): string {
  return `{${ids.join(",")}}`;
}

const SET_REACH = {
  name: "set reach",
  text: "select set_config('muster.workspaces', $1, false), set_config('muster.reach', $2, false)",
};

/** What each connection was told last. Not known: nothing, or it was interrupted. */
const told = new WeakMap<pg.ClientBase, string>();

/** Tells a connection how far its next statements reach, unless it knows. Outside of transactions only: a rollback would take it back. */
export async function settle(client: pg.ClientBase, { workspaces, reach }: ReachSettings): Promise<void> {
  const both = `${workspaces} ${reach}`;
  if (told.get(client) === both) return;
  told.delete(client);
  await client.query({ ...SET_REACH, values: [workspaces, reach] });
  told.set(client, both);
}
