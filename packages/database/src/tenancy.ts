import type { Reach } from "@muster/domain/actor.ts";
import pg from "pg";

/** Owns nothing, and sees what the policies of `0008_row_level_security.sql` show it. */
export const TENANT_ROLE = "muster_tenant";

/** The settings that the policies read: how far the statements of a connection reach. */
export interface ReachSettings {
  readonly workspaces: string;
  readonly projects: string;
}

/** As the settings say it; null for the whole installation, which no policy holds. */
export function reachSettings({ workspaceIds, projectIds }: Reach): ReachSettings | null {
  if (workspaceIds === null && projectIds === null) return null;
  return { workspaces: listed(workspaceIds), projects: listed(projectIds) };
}

function listed(ids: readonly string[] | null): string {
  return ids === null ? "all" : `{${ids.join(",")}}`;
}

const SET_REACH = {
  name: "set reach",
  text: "select set_config('muster.workspaces', $1, false), set_config('muster.projects', $2, false)",
};

/** What each connection was told last. Not known: nothing, or it was interrupted. */
const told = new WeakMap<pg.ClientBase, string>();

/** Tells a connection how far its next statements reach, unless it knows. Outside of transactions only: a rollback would take it back. */
export async function settle(client: pg.ClientBase, { workspaces, projects }: ReachSettings): Promise<void> {
  const reach = `${workspaces} ${projects}`;
  if (told.get(client) === reach) return;
  told.delete(client);
  await client.query({ ...SET_REACH, values: [workspaces, projects] });
  told.set(client, reach);
}
