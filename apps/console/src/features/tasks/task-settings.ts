import { graphql } from "#api/generated/gql.ts";
import type { CreateTaskInput, TaskSettingsFragment } from "#api/generated/graphql.ts";

/** All that a task was created with, so that one like it can be. */
export const SettingsFragment = graphql(`
  fragment TaskSettings on Task {
    id
    kind
    queue
    priority
    capability
    requiredLabels
    targetAgent {
      id
      name
    }
    timeoutMs
    maxFailures
    backoff {
      initialMs
      factor
      maxMs
      jitter
    }
    retryRules {
      errorKind
      retryable
      maxFailures
      initialMs
      factor
      maxMs
      jitter
    }
    concurrencyKey
    concurrencyLimit
    rateLimitKey
    resultTtlMs
    project {
      id
    }
  }
`);

const BACKOFF = { initialMs: 1_000, factor: 2, maxMs: 300_000, jitter: true };

/** The input that creates a task like this one; what is as it would be without saying so is left out. */
export function createInputOf(task: TaskSettingsFragment, input: unknown): CreateTaskInput {
  const { backoff } = task;
  const labels = task.requiredLabels as Record<string, string>;
  const usual = (Object.keys(BACKOFF) as (keyof typeof BACKOFF)[]).every((key) => backoff[key] === BACKOFF[key]);
  return {
    projectId: task.project.id,
    kind: task.kind,
    input: input as CreateTaskInput["input"],
    ...(task.targetAgent && { agentId: task.targetAgent.id }),
    ...(!task.targetAgent && task.capability !== task.kind && { capability: task.capability }),
    ...(Object.keys(labels).length > 0 && { labels }),
    ...(task.queue !== "default" && { queue: task.queue }),
    ...(task.priority !== 0 && { priority: task.priority }),
    ...(task.timeoutMs !== null && { timeoutMs: task.timeoutMs }),
    ...(task.maxFailures !== 3 && { maxFailures: task.maxFailures }),
    ...(!usual && { backoff: plain(backoff) }),
    ...(task.retryRules.length > 0 && { retryRules: task.retryRules.map(ruleInput) }),
    ...(task.concurrencyKey !== null && {
      concurrencyKey: task.concurrencyKey,
      concurrencyLimit: task.concurrencyLimit,
    }),
    ...(task.rateLimitKey !== null && { rateLimitKey: task.rateLimitKey }),
    ...(task.resultTtlMs !== null && { resultTtlMs: task.resultTtlMs }),
  };
}

function ruleInput(rule: TaskSettingsFragment["retryRules"][number]) {
  const { errorKind, retryable, maxFailures, initialMs, factor, maxMs, jitter } = rule;
  return {
    errorKind,
    ...(retryable !== null && { retryable }),
    ...(maxFailures !== null && { maxFailures }),
    ...(initialMs !== null &&
      factor !== null &&
      maxMs !== null && { backoff: plain({ initialMs, factor, maxMs, jitter }) }),
  };
}

/** Without what the cache adds. */
function plain<Value extends { initialMs: number; factor: number; maxMs: number; jitter: boolean | null }>(
  value: Value,
) {
  const { initialMs, factor, maxMs, jitter } = value;
  return { initialMs, factor, maxMs, ...(jitter !== null && { jitter }) };
}
