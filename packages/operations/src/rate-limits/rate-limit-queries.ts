import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import type { PageArguments } from "@muster/domain/page.ts";
import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { authorize, reachOf } from "../authorize.ts";
import { withinReach } from "../caller-values.ts";
import { parseInput, text } from "../input.ts";
import { type Pages, PARENT, readPages } from "../page-query.ts";
import type { Runtime } from "../runtime.ts";
import { type RateLimit, rateLimitColumns } from "./rate-limit.ts";

const rateLimitsById = statement<RateLimit>(`
  select ${rateLimitColumns("r")} from rate_limits r
  where r.id = any($1::uuid[]) and ($2::uuid[] is null or r.workspace_id = any($2)) and ($3::uuid[] is null or r.project_id = any($3))`);

/** The rate limits with these ids that the caller may see, in any order. */
export async function getRateLimits(runtime: Runtime, caller: Caller, ids: readonly string[]): Promise<RateLimit[]> {
  caller = authorize(caller, "task.read");
  return runtime.database.run(rateLimitsById, [ids, ...reachOf(caller)]);
}

const RateLimitFilter = z.object({ search: text(255, 0).nullish() });
/** Which rate limits. `search`: how the key begins. null or absent means any. */
export type RateLimitFilter = z.input<typeof RateLimitFilter>;

/** A page of the rate limits of each project, by key. */
export async function listRateLimits(
  runtime: Runtime,
  caller: Caller,
  projectIds: readonly string[],
  { filter, page }: { readonly filter?: RateLimitFilter; readonly page: PageArguments },
): Promise<Pages<RateLimit>> {
  caller = authorize(caller, "task.read");
  const { search } = parseInput(RateLimitFilter, filter ?? {});
  const where: SQL[] = [sql`r.project_id = ${PARENT}`, withinReach(caller, "r")];
  if (search) where.push(sql`starts_with(r.key, ${search})`);
  return readPages<RateLimit>(
    runtime.database,
    {
      columns: sql.raw(rateLimitColumns("r")),
      from: sql`rate_limits r`,
      where,
      orderBy: [
        { expression: sql`r.key`, type: "text" },
        { expression: sql`r.id`, type: "uuid" },
      ],
      direction: "ASC",
    },
    projectIds,
    page,
  );
}
