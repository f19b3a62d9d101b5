import { rowColumns } from "@muster/database/row-columns.ts";
import { statement } from "@muster/database/statement.ts";
import { projects } from "@muster/database/tables/projects.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { InvalidInput, NotFound } from "@muster/domain/errors.ts";
import { appendEvents } from "@muster/events/append.ts";
import { z } from "zod";
import { authorizeWorkspace } from "../authorize.ts";
import { traceColumns, traceOf } from "../caller-values.ts";
import { parseInput, slug, text } from "../input.ts";
import { newId } from "../new-id.ts";
import { type Runtime, write } from "../runtime.ts";
import { getWorkspaces, type Project } from "./project-queries.ts";

const CreateProject = z.object({ workspaceId: z.uuid(), slug, name: text(200) });
export type CreateProjectInput = z.input<typeof CreateProject>;

const insertProject = statement<Project>(`
  with created as (
    insert into projects (id, workspace_id, slug, name)
    select $1, w.id, $3, $4 from workspaces w where w.id = $2 and ($9::uuid[] is null or w.id = any($9))
    on conflict (workspace_id, slug) do nothing returning *
  ), happened as (
    select workspace_id, id as project_id, 'project.created' as type, id as subject_id, 1 as subject_version,
           null::uuid as agent_id, null::uuid as task_id, null::uuid as context_id, $5::text as actor_kind, $6::uuid as actor_id,
           $7::text as actor_name, null::text as reason, ${traceColumns("$8")},
           jsonb_build_object('slug', slug, 'name', name) as payload, null::jsonb as labels, created_at as at
    from created
  ), appended as (${appendEvents("happened")})
  select ${rowColumns(projects, "created")}, w.slug || '/' || created.slug as "path"
  from created join workspaces w on w.id = created.workspace_id`);

/** Creates a project in a workspace. Throws `NotFound` without the workspace, `InvalidInput` when its slug is taken. */
export async function createProject(runtime: Runtime, caller: Caller, input: CreateProjectInput): Promise<Project> {
  caller = authorizeWorkspace(caller, "project.create");
  const { workspaceId, slug: projectSlug, name } = parseInput(CreateProject, input);
  const { actor } = caller;
  const [created] = await write(runtime, insertProject, [
    newId(),
    workspaceId,
    projectSlug,
    name,
    actor.kind,
    actor.id,
    actor.name,
    traceOf(caller),
    actor.reach.workspaceIds,
  ]);
  if (created) return created;
  if ((await getWorkspaces(runtime, caller, [workspaceId])).length === 0) throw new NotFound("workspace");
  throw new InvalidInput([{ path: ["slug"], message: `is taken: the workspace has a project ${projectSlug}.` }]);
}
