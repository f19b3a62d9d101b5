import { rowColumns } from "@muster/database/row-columns.ts";
import { statement } from "@muster/database/statement.ts";
import { projects } from "@muster/database/tables/projects.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { Conflict, NotFound } from "@muster/domain/errors.ts";
import { appendEvents } from "@muster/events/append.ts";
import { z } from "zod";
import { authorize } from "../authorize.ts";
import { CALLER_COLUMNS, callerValues } from "../caller-values.ts";
import { changedColumns } from "../changes.ts";
import { parseInput, text } from "../input.ts";
import { type Runtime, write } from "../runtime.ts";
import { getProjects, type Project } from "./project-queries.ts";

const UpdateProject = z.object({
  projectId: z.uuid(),
  name: text(200),
  expectedVersion: z.number().int().nullish(),
});
export type UpdateProjectInput = z.input<typeof UpdateProject>;

// $1–$6 the caller, $7 project, $8 name, $9 the expected version
const updateStatement = statement<Project>(`
  with before as materialized (
    select * from projects p
    where p.id = $7 and ($5::uuid[] is null or p.workspace_id = any($5)) and ($6::uuid[] is null or p.id = any($6)) for no key update
  ), updated as (
    update projects p set name = $8, version = p.version + 1 from before
    where p.id = before.id and p.id = $7 and ($5::uuid[] is null or p.workspace_id = any($5)) and ($6::uuid[] is null or p.id = any($6))
      and p.name <> $8 and ($9::int is null or p.version = $9)
    returning p.*
  ), happened as (
    select workspace_id, id as project_id, 'project.updated' as type, id as subject_id, version as subject_version,
           null::uuid as agent_id, null::uuid as task_id, null::uuid as context_id, ${CALLER_COLUMNS}, null::text as reason,
           jsonb_build_object('changed', array['name'], 'name', name, 'version', version)
             || (select ${changedColumns("before", "updated", { name: "name" })} from before) as payload,
           null::jsonb as labels, clock_timestamp() as at
    from updated
  ), appended as (${appendEvents("happened")})
  select ${rowColumns(projects, "updated")}, w.slug || '/' || updated.slug as "path"
  from updated join workspaces w on w.id = updated.workspace_id`);

/**
 * Gives a project another name for people; its slug, and so its path, stays. The name that it has already changes nothing.
 * Throws `NotFound`, and `Conflict` when its version is not the expected one.
 */
export async function updateProject(runtime: Runtime, caller: Caller, input: UpdateProjectInput): Promise<Project> {
  caller = authorize(caller, "project.update");
  const given = parseInput(UpdateProject, input);
  const values = [...callerValues(caller), given.projectId, given.name, given.expectedVersion ?? null];
  const [updated] = await write(runtime, updateStatement, values);
  if (updated) return updated;
  const [present] = await getProjects(runtime, caller, [given.projectId]);
  if (!present) throw new NotFound("project");
  const expected = given.expectedVersion ?? present.version;
  if (expected !== present.version) throw new Conflict("project version", String(expected), String(present.version));
  return present;
}
