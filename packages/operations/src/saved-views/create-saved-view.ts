import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { LimitExceeded, NotFound } from "@muster/domain/errors.ts";
import { SAVED_VIEW_SCREENS } from "@muster/domain/saved-view.ts";
import { appendEvents } from "@muster/events/append.ts";
import { z } from "zod";
import { authorize, reachOf } from "../authorize.ts";
import { callerValues, inReach } from "../caller-values.ts";
import { parseInput } from "../input.ts";
import { newId } from "../new-id.ts";
import { type Runtime, writeAll } from "../runtime.ts";
import { type SavedView, savedViewColumns, savedViewEvents, viewName, viewQuery } from "./saved-view.ts";
import { unlessNameTaken } from "./unless-name-taken.ts";

/** Of one screen of one project: what a menu can show, and so lists need no pages. */
export const MOST_VIEWS = 100;

const CreateSavedView = z.object({
  projectId: z.guid(),
  screen: z.enum(SAVED_VIEW_SCREENS),
  name: viewName,
  query: viewQuery,
});
export type CreateSavedViewInput = z.input<typeof CreateSavedView>;

// The lock keeps two that are made at once from both being the last that there is room for.
const lockProject = statement<object>(`
  select from projects p where p.id = $1 and ($2::uuid[] is null or p.workspace_id = any($2)) and ($3::uuid[] is null or p.id = any($3))
  for no key update`);

const countViews = statement<{ count: number }>(
  "select count(*)::int as count from saved_views v where v.project_id = $1 and v.screen = $2",
);

const insertView = statement<SavedView>(`
  with created as (
    insert into saved_views (id, workspace_id, project_id, screen, name, query, creator_kind, creator_id, creator_name)
    select $7, a.workspace_id, a.project_id, $9, $10, $11, $1, $2, $3
    from (select p.workspace_id, p.id as project_id from projects p where p.id = $8) a where ${inReach("a")}
    returning *
  ),
  happened as (${savedViewEvents("created", { type: "saved_view.created", payload: "jsonb_build_object('query', query)" })}),
  appended as (${appendEvents("happened")})
  select ${savedViewColumns("created")} from created`);

/**
 * Keeps what a screen shows under a name, for everybody in the project. Throws `NotFound` without the project, `Conflict` when
 * the name is taken, and `LimitExceeded` when the screen has 100 views.
 */
export async function createSavedView(
  runtime: Runtime,
  caller: Caller,
  input: CreateSavedViewInput,
): Promise<SavedView> {
  caller = authorize(caller, "view.manage");
  const { projectId, screen, name, query } = parseInput(CreateSavedView, input);
  return unlessNameTaken(name, () =>
    writeAll(runtime, async (transaction) => {
      const [project] = await transaction.run(lockProject, [projectId, ...reachOf(caller)]);
      if (!project) throw new NotFound("project");
      const [present] = await transaction.run(countViews, [projectId, screen]);
      if (!present || present.count >= MOST_VIEWS) {
        throw new LimitExceeded("savedViews.screen", `The screen has ${MOST_VIEWS} saved views. Delete one first.`);
      }
      const values = [...callerValues(caller), newId(), projectId, screen, name, query];
      const [created] = await transaction.run(insertView, values);
      if (!created) throw new NotFound("project");
      return created;
    }),
  );
}
