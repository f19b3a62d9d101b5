import { ACTOR_KINDS } from "@muster/domain/actor.ts";
import { filterConditions } from "@muster/events/filter.ts";
import { time } from "@muster/operations/events/event-filter.ts";
import { parseInput, text } from "@muster/operations/input.ts";
import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";

const ids = z.array(z.uuid()).max(1_000).nullish();
const address = z.union(
  [z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()],
  "is no IP address and no network, as in 10.0.0.0/8.",
);

/** Which entries: all that is given has to hold, and of a list any one. Ids are UUIDs. */
const AuditFilter = z.object({
  types: z.array(text(100)).max(100).nullish(),
  projects: ids,
  subjects: ids,
  /** Concerning one of these agents. */
  agents: ids,
  tasks: ids,
  contexts: ids,
  actors: ids,
  actorKinds: z.array(z.enum(ACTOR_KINDS)).max(10).nullish(),
  /** With one of these API keys or sessions. */
  credentials: ids,
  /** From one of these addresses or networks. */
  addresses: z.array(address).max(100).nullish(),
  after: time.nullish(),
  before: time.nullish(),
  search: text(200, 0).nullish(),
});
export type AuditFilterInput = z.input<typeof AuditFilter>;
export type AuditFilter = z.output<typeof AuditFilter>;

/** Checks a filter. Throws `InvalidInput`. */
export function parseAuditFilter(input: AuditFilterInput | null | undefined): AuditFilter {
  return parseInput(AuditFilter, input ?? {});
}

/** Conditions on `events e`. */
interface AuditConditions {
  /** Those that an index gives. */
  readonly byIndex: readonly SQL[];
  /** Those that hold of most in the range of ids around the times. */
  readonly byTime: readonly SQL[];
  /** Those for which each entry has to be looked at. */
  readonly byLooking: readonly SQL[];
}

/** The filter as conditions, but for the projects. */
export function auditConditions(filter: AuditFilter): AuditConditions {
  const { projects: _, agents, tasks, contexts, after, before, ...looked } = filter;
  return {
    byIndex: filterConditions({ agents, tasks, contexts }),
    byTime: filterConditions({ after, before }),
    byLooking: [...(looked.search ? [mayContain(looked.search)] : []), ...filterConditions(looked)],
  };
}

/**
 * SQL: true of every event that has the text somewhere, and of few others: whether the payload's JSON has it. To look at each text of
 * the payload takes several times as long.
 */
function mayContain(search: string): SQL {
  const folded = search.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  const escaped = JSON.stringify(folded).slice(1, -1);
  const found = (where: SQL, wanted: string) => sql`position(${wanted} in lower(${where} collate "C")) > 0`;
  return sql`(${found(sql`concat_ws(E'\n', e.type, e.reason, e.actor_name)`, folded)} or ${found(sql`e.payload::text`, escaped)})`;
}
