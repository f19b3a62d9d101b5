/** Why a task is not handed out, the most decisive first: what someone has to see to stands before what passes by itself. */
export const TASK_BLOCK_REASONS = [
  "DEADLINE_PASSED",
  "WAITING_FOR_TASK",
  "START_PENDING",
  "DELAYED_UNTIL",
  "RETRY_BACKOFF",
  "QUEUE_PAUSED",
  "AGENT_DECOMMISSIONED",
  "NO_AGENT_WITH_CAPABILITY",
  "NO_AGENT_WITH_LABELS",
  "AGENT_IN_MAINTENANCE",
  "AGENT_SUSPENDED",
  "AGENTS_NOT_CONNECTED",
  "AGENT_DRAINING",
  "WORKSPACE_LIMIT",
  "QUEUE_LIMIT",
  "CONCURRENCY_KEY",
  "RATE_LIMIT",
  "AGENTS_BUSY",
] as const;
export type TaskBlockReason = (typeof TASK_BLOCK_REASONS)[number];

/** One reason. What it names is an id; what does not belong to the reason is left out. */
export interface TaskBlocker {
  readonly reason: TaskBlockReason;
  /** A sentence or two for people: what is so, and what to do. */
  readonly message: string;
  /** When it passes by itself. */
  readonly until?: Date;
  readonly taskId?: string;
  readonly agentId?: string;
  readonly queueId?: string;
  readonly limit?: number;
  readonly running?: number;
  readonly key?: string;
  readonly capability?: string;
  readonly labels?: { readonly [key: string]: string };
}
