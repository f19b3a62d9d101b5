import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { Conflict, NotFound } from "@muster/domain/errors.ts";
import { appendEvents } from "@muster/events/append.ts";
import { z } from "zod";
import { authorize, reachOf } from "../authorize.ts";
import { callerValues, inReach } from "../caller-values.ts";
import { changedColumns } from "../changes.ts";
import { parseInput, text } from "../input.ts";
import { newId } from "../new-id.ts";
import { type Runtime, writeAll } from "../runtime.ts";
import { type RateLimit, rateLimitColumns, rateLimitEvents, tokensAt } from "./rate-limit.ts";
import { releaseWaiting } from "./waiting-tasks.ts";

const SetRateLimit = z.object({
  projectId: z.guid(),
  key: text(255),
  max: z.int().min(1).max(1_000_000),
  periodMs: z.int().min(1).max(86_400_000),
  /** Changes it only while it has this version. */
  expectedVersion: z.int().nullish(),
});
export type SetRateLimitInput = z.input<typeof SetRateLimit>;

// The update changes nothing: it gives and locks the row that is there. A row that was just inserted has no xmax.
const makeStatement = statement<RateLimit & { created: boolean }>(`
  insert into rate_limits as r (id, workspace_id, project_id, key, max, period_ms, tokens)
  select $4, p.workspace_id, p.id, $5, $6, $7, $6::int from projects p
  where p.id = $1 and ($2::uuid[] is null or p.workspace_id = any($2)) and ($3::uuid[] is null or p.id = any($3))
  on conflict (project_id, key) do update set key = excluded.key
  returning ${rateLimitColumns("r")}, r.xmax = 0 as created`);

const appendCreated = statement<never>(`
  with created as (select * from rate_limits r where r.id = $7 and ${inReach("r")}),
  happened as (${rateLimitEvents("created", "rate_limit.created")})
  ${appendEvents("happened")}`);

const CHANGES = `(select ${changedColumns("old", "updated", { max: "max", periodMs: "period_ms" })} from rate_limits old where old.id = updated.id)`;

const updateStatement = statement<RateLimit>(`
  with present as materialized (select clock_timestamp() as at),
  updated as (
    update rate_limits r
    set max = $8::int, period_ms = $9::int, version = r.version + 1, tokens = least($8::int, ${tokensAt("r", "p.at")}), refilled_at = p.at
    from present p where r.id = $7 and ${inReach("r")} and (r.max, r.period_ms) <> ($8::int, $9::int)
    returning r.*
  ), happened as (${rateLimitEvents("updated", "rate_limit.updated", "version", CHANGES)}),
  appended as (${appendEvents("happened")})
  select ${rateLimitColumns("updated")} from updated`);

/**
 * Sets how many tasks that name the key may be handed out in a period: `max` at once, which come back evenly. A new limit begins full; one that
 * is changed keeps its tokens, and tasks that wait for one wait less when they come faster. Throws `NotFound` without the
 * project, and `Conflict` when the version is not the expected one.
 */
export async function setRateLimit(runtime: Runtime, caller: Caller, input: SetRateLimitInput): Promise<RateLimit> {
  caller = authorize(caller, "queue.manage");
  const { projectId, key, max, periodMs, expectedVersion } = parseInput(SetRateLimit, input);
  const { limit, releaseRest } = await writeAll(runtime, async (transaction) => {
    const values = [projectId, ...reachOf(caller), newId(), key, max, periodMs];
    const [made] = await transaction.run(makeStatement, values);
    if (!made) throw new NotFound("project");
    const { created, ...present } = made;
    const version = created ? 0 : present.version;
    if (typeof expectedVersion === "number" && expectedVersion !== version) {
      throw new Conflict("rate limit version", String(expectedVersion), String(version));
    }
    if (created) await transaction.run(appendCreated, [...callerValues(caller), present.id]);
    const [updated] = await transaction.run(updateStatement, [...callerValues(caller), present.id, max, periodMs]);
    const factor = periodMs / max / (present.periodMs / present.max);
    const sooner = factor < 1 ? await releaseWaiting(transaction, present, { by: "hurrying", factor }) : null;
    return { limit: updated ?? present, releaseRest: sooner };
  });
  await releaseRest?.(runtime);
  return limit;
}
