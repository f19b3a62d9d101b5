import { finalStates } from "@muster/domain/lifecycle.ts";
import { taskLifecycle } from "@muster/domain/task-lifecycle.ts";
import { type SQL, sql } from "drizzle-orm";
import { isAgentRequest } from "./agent-requests.ts";

const ENDED_TASK = finalStates(taskLifecycle)
  .map((state) => `'${state}'`)
  .join(", ");

/** Of the events of one subject that match, the newest is kept. */
interface Kept {
  /** The column, which an index serves by itself and the id. */
  readonly subject: "agent_id" | "task_id" | "context_id";
  /** SQL: whether the event `alias` is of this kind. */
  readonly matches: (alias: string) => string;
  /** SQL: whether the subject of the event `e` needs it. */
  readonly needed?: string;
}

const KEPT: readonly Kept[] = [
  // Why an agent is in the state that it is in, and since when.
  { subject: "agent_id", matches: (alias) => `${alias}.type = 'agent.transitioned'` },
  // What its process has to be told when it comes back.
  { subject: "agent_id", matches: isAgentRequest },
  // The hash of a context's newest version vouches for all before it.
  { subject: "context_id", matches: (alias) => `${alias}.type = 'context.version_written'` },
  {
    subject: "task_id",
    matches: (alias) => `${alias}.type = 'task.transitioned'`,
    needed: `(select t.state not in (${ENDED_TASK}) from tasks t where t.id = e.task_id)`,
  },
];

/**
 * SQL: whether the event `e`, whose id is below `bound`, stays although retention removes what is below: the newest of each
 * kind that tells how a subject came to be as it is. Never null.
 */
export function isKept(bound: bigint): SQL {
  const kinds = KEPT.map(
    ({ subject, matches, needed = "true" }) => `(${matches("e")}) and ${needed} and not exists (
      select from events later where later.${subject} = e.${subject} and later.id > e.id and later.id < ${bound} and ${matches("later")})`,
  );
  return sql.raw(`((${kinds.join(") or (")})) is true`);
}
