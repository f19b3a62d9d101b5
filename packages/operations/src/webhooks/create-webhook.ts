import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { InvalidInput, LimitExceeded, NotFound } from "@muster/domain/errors.ts";
import { appendEvents } from "@muster/events/append.ts";
import { presentCursor } from "@muster/events/locate.ts";
import { z } from "zod";
import { authorize, reachOf } from "../authorize.ts";
import { callerValues, inReach } from "../caller-values.ts";
import { parseInput, text } from "../input.ts";
import { newId } from "../new-id.ts";
import { type Runtime, write } from "../runtime.ts";
import { webhookEvents } from "./webhook-event.ts";
import { WebhookFilter } from "./webhook-filter.ts";
import { newWebhookSecret } from "./webhook-secret.ts";
import { checkWebhookUrl } from "./webhook-url.ts";
import { type Webhook, webhookColumns } from "./webhook.ts";

export const webhookName = text(200);
export const webhookUrl = text(2_000);

const CreateWebhook = z.object({
  projectId: z.uuid(),
  name: webhookName,
  url: webhookUrl,
  filter: WebhookFilter.nullish(),
});
export type CreateWebhookInput = z.input<typeof CreateWebhook>;

/** Every webhook reads the log by itself. */
const MOST_WEBHOOKS = 100;
const UNIQUE_VIOLATION = "23505";

const countWebhooks = statement<{ count: number }>(`
  select (select count(*)::int from webhooks w where w.project_id = p.id) as count from projects p
  where p.id = $1 and ($2::uuid[] is null or p.workspace_id = any($2)) and ($3::uuid[] is null or p.id = any($3))`);

const insertWebhook = statement<Webhook>(`
  with created as (
    insert into webhooks (id, workspace_id, project_id, name, url, filter, secret, cursor)
    select $7, a.workspace_id, a.project_id, $9, $10, $11, $12, $13
    from (select p.workspace_id, p.id as project_id from projects p where p.id = $8) a where ${inReach("a")}
    returning *
  ),
  happened as (${webhookEvents("created", { type: "webhook.created", payload: "'{}'::jsonb" })}),
  appended as (${appendEvents("happened")})
  select ${webhookColumns("created")} from created`);

/**
 * Makes a webhook that is sent the project's events from now on. `secret` signs its deliveries and is shown this once.
 * Throws `NotFound` without the project, `LimitExceeded` when it has 100 webhooks, and `InvalidInput` for an address that
 * is never called and for a name that is taken.
 */
export async function createWebhook(
  runtime: Runtime,
  caller: Caller,
  input: CreateWebhookInput,
): Promise<{ readonly webhook: Webhook; readonly secret: string }> {
  caller = authorize(caller, "webhook.manage");
  const given = parseInput(CreateWebhook, input);
  const { database, settings } = runtime;
  const url = checkWebhookUrl(given.url, settings.webhooks);
  const [project] = await database.run(countWebhooks, [given.projectId, ...reachOf(caller)]);
  if (!project) throw new NotFound("project");
  if (project.count >= MOST_WEBHOOKS) {
    throw new LimitExceeded("webhooks.project", `The project has ${MOST_WEBHOOKS} webhooks. Delete one first.`);
  }
  const id = newId();
  const { secret, sealed } = newWebhookSecret(settings, id);
  const values = [
    ...callerValues(caller),
    id,
    given.projectId,
    given.name,
    url,
    JSON.stringify(given.filter ?? {}),
    sealed,
    await presentCursor(database),
  ];
  const [webhook] = await unlessNameTaken(given.name, () => write(runtime, insertWebhook, values));
  if (!webhook) throw new NotFound("project");
  return { webhook, secret };
}

/** Answers `InvalidInput` when another webhook of the project has the name. */
export async function unlessNameTaken<Result>(
  name: string | null | undefined,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!name || (error as { code?: unknown }).code !== UNIQUE_VIOLATION) throw error;
    throw new InvalidInput([{ path: ["name"], message: `is taken: the project has a webhook named ${name}.` }]);
  }
}
