import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { Conflict, NotFound } from "@muster/domain/errors.ts";
import { appendEvents } from "@muster/events/append.ts";
import { z } from "zod";
import { authorize, reachOf } from "../authorize.ts";
import { callerValues, inReach } from "../caller-values.ts";
import { parseInput, text } from "../input.ts";
import { type Runtime, writeAll } from "../runtime.ts";
import { type RateLimit, rateLimitColumns, rateLimitEvents } from "./rate-limit.ts";
import { releaseWaiting } from "./waiting-tasks.ts";

const DeleteRateLimit = z.object({
  projectId: z.guid(),
  key: text(255),
  /** Deletes it only while it has this version. */
  expectedVersion: z.int().nullish(),
});
export type DeleteRateLimitInput = z.input<typeof DeleteRateLimit>;

const deleteStatement = statement<RateLimit>(`
  with deleted as (
    delete from rate_limits r
    where r.project_id = $7 and r.key = $8 and ${inReach("r")} and ($9::int is null or r.version = $9)
    returning r.*
  ), happened as (${rateLimitEvents("deleted", "rate_limit.deleted", "version + 1")}),
  appended as (${appendEvents("happened")})
  select ${rateLimitColumns("deleted")} from deleted`);

const presentVersion = statement<{ version: number }>(`
  select r.version from rate_limits r where r.project_id = $1 and r.key = $2
    and ($3::uuid[] is null or r.workspace_id = any($3)) and ($4::uuid[] is null or r.project_id = any($4))`);

/**
 * Removes a rate limit, and gives it as it was. Tasks that wait for its tokens go back into line at once: what names its key is
 * no longer limited. Throws `NotFound`, and `Conflict` when the version is not the expected one.
 */
export async function deleteRateLimit(
  runtime: Runtime,
  caller: Caller,
  input: DeleteRateLimitInput,
): Promise<RateLimit> {
  caller = authorize(caller, "queue.manage");
  const { projectId, key, expectedVersion } = parseInput(DeleteRateLimit, input);
  const { limit, releaseRest } = await writeAll(runtime, async (transaction) => {
    const [deleted] = await transaction.run(deleteStatement, [
      ...callerValues(caller),
      projectId,
      key,
      expectedVersion ?? null,
    ]);
    if (!deleted) {
      const [present] = await transaction.run(presentVersion, [projectId, key, ...reachOf(caller)]);
      if (!present) throw new NotFound("rate limit");
      throw new Conflict("rate limit version", String(expectedVersion), String(present.version));
    }
    return { limit: deleted, releaseRest: await releaseWaiting(transaction, deleted, { by: "returning" }) };
  });
  await releaseRest(runtime);
  return limit;
}
