import type { Connection } from "@muster/database/database.ts";
import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { InvalidInput, NotFound } from "@muster/domain/errors.ts";
import type { Permission } from "@muster/domain/permissions.ts";
import { authorize, authorizeInstallation, authorizeWorkspace, reachOf } from "@muster/operations/authorize.ts";

/** Where a role holds: in a project, in a whole workspace, or in the whole installation. UUIDs. */
export interface Place {
  readonly workspaceId: string | null;
  readonly projectId: string | null;
}

/** A place as it is asked for: a project alone says its workspace too. */
export interface PlaceInput {
  readonly workspaceId?: string | null | undefined;
  readonly projectId?: string | null | undefined;
}

const workspaceById = statement<{ workspaceId: string }>(
  `select id as "workspaceId" from workspaces w where w.id = $1 and ($2::uuid[] is null or w.id = any($2))`,
);
const projectById = statement<{ workspaceId: string }>(`
  select workspace_id as "workspaceId" from projects p
  where p.id = $1 and ($2::uuid[] is null or p.workspace_id = any($2)) and ($3::uuid[] is null or p.id = any($3))`);

/** The caller as it may use the permission on what belongs to the place as a whole. Throws `Forbidden`. */
export function authorizePlace(caller: Caller, permission: Permission, { workspaceId, projectId }: Place): Caller {
  if (workspaceId === null) return authorizeInstallation(caller, permission);
  return projectId === null ? authorizeWorkspace(caller, permission) : authorize(caller, permission);
}

/**
 * The place that was asked for, as far as the caller may use the permission there. Throws `NotFound` for one that does not exist or is
 * out of reach, `Forbidden`, and `InvalidInput` for a project of another workspace.
 */
export async function findPlace(
  connection: Connection,
  caller: Caller,
  permission: Permission,
  { workspaceId = null, projectId = null }: PlaceInput,
): Promise<Place> {
  if (projectId !== null) {
    const narrowed = authorize(caller, permission);
    const [project] = await connection.run(projectById, [projectId, ...reachOf(narrowed)]);
    if (!project) throw new NotFound("project");
    if (workspaceId !== null && workspaceId !== project.workspaceId) {
      throw new InvalidInput([{ path: ["projectId"], message: "is a project of another workspace." }]);
    }
    return { workspaceId: project.workspaceId, projectId };
  }
  const narrowed = authorizePlace(caller, permission, { workspaceId, projectId: null });
  if (workspaceId === null) return { workspaceId: null, projectId: null };
  const [workspace] = await connection.run(workspaceById, [workspaceId, reachOf(narrowed)[0]]);
  if (!workspace) throw new NotFound("workspace");
  return { workspaceId, projectId: null };
}
