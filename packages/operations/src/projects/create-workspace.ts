import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { InvalidInput } from "@muster/domain/errors.ts";
import { appendEvents } from "@muster/events/append.ts";
import { z } from "zod";
import { authorizeInstallation } from "../authorize.ts";
import { traceColumns, traceOf } from "../caller-values.ts";
import { parseInput, slug, text } from "../input.ts";
import { newId } from "../new-id.ts";
import { type Runtime, write } from "../runtime.ts";
import { type Workspace, workspaceColumns } from "./project-queries.ts";

const CreateWorkspace = z.object({ slug, name: text(200) });
export type CreateWorkspaceInput = z.input<typeof CreateWorkspace>;

const insertWorkspace = statement<Workspace>(`
  with created as (
    insert into workspaces (id, slug, name) values ($1, $2, $3) on conflict (slug) do nothing returning *
  ), happened as (
    select id as workspace_id, null::uuid as project_id, 'workspace.created' as type, id as subject_id, 1 as subject_version,
           null::uuid as agent_id, null::uuid as task_id, null::uuid as context_id, $4::text as actor_kind, $5::uuid as actor_id,
           $6::text as actor_name, null::text as reason, ${traceColumns("$7")},
           jsonb_build_object('slug', slug, 'name', name) as payload, null::jsonb as labels, created_at as at
    from created
  ), appended as (${appendEvents("happened")})
  select ${workspaceColumns("created")} from created`);

/** Creates a workspace. Throws `InvalidInput` when its slug is taken. */
export async function createWorkspace(
  runtime: Runtime,
  caller: Caller,
  input: CreateWorkspaceInput,
): Promise<Workspace> {
  caller = authorizeInstallation(caller, "workspace.create");
  const { slug: workspaceSlug, name } = parseInput(CreateWorkspace, input);
  const { actor } = caller;
  const [created] = await write(runtime, insertWorkspace, [
    newId(),
    workspaceSlug,
    name,
    actor.kind,
    actor.id,
    actor.name,
    traceOf(caller),
  ]);
  if (!created)
    throw new InvalidInput([{ path: ["slug"], message: `is taken: there is a workspace ${workspaceSlug}.` }]);
  return created;
}
