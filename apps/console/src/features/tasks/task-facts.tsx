"use client";
import Link from "next/link";
import type { ReactNode } from "react";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import { Card } from "#components/card.tsx";
import { Tag } from "#components/tag.tsx";
import { Ago, durationText, exactText } from "#components/time.tsx";
import { backoffText, ruleText } from "#features/tasks/retry-words.ts";
import { Until } from "#components/until.tsx";
import { taskHasEnded } from "#lifecycles/task-states.tsx";
import { type ProjectRoute, routes } from "#routes.ts";

const FactsFragment = graphql(`
  fragment TaskFacts on Task {
    id
    state
    kind
    queue
    priority
    capability
    requiredLabels
    targetAgent {
      id
      name
    }
    createdAt
    runAt
    startedAt
    finishedAt
    deadline
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
    }
    concurrencyKey
    concurrencyLimit
    rateLimitKey
    idempotencyKey
    resultTtlMs
    resultExpiresAt
    resultExpiredAt
  }
`);

interface TaskFactsProps {
  readonly project: ProjectRoute;
  readonly task: FragmentType<typeof FactsFragment>;
}

/** What was asked for when it was created, and when it was what. */
export function TaskFacts({ project, task: masked }: TaskFactsProps) {
  const task = readFragment(FactsFragment, masked);
  const labels = Object.entries((task.requiredLabels ?? {}) as Record<string, string>);
  const link = "text-accent";
  const tasks = (view: Parameters<typeof routes.tasks>[1], text: string) => (
    <Link href={routes.tasks(project, view)} className={`${link} wrap-anywhere`}>
      {text}
    </Link>
  );
  return (
    <Card className="px-4 py-3.5">
      <h2 className="font-[550]">Settings</h2>
      <dl className="mt-2 grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1.5">
        <Fact name="Kind">{tasks({ kind: task.kind }, task.kind)}</Fact>
        <Fact name="Queue">{tasks({ queue: task.queue }, task.queue)}</Fact>
        <Fact name="Priority">{task.priority}</Fact>
        {task.targetAgent ? (
          <Fact name="Only agent">
            <Link href={routes.agent(project, task.targetAgent.id)} className={link}>
              {task.targetAgent.name}
            </Link>
          </Fact>
        ) : (
          <Fact name="Capability">
            <Link
              href={routes.fleet(project, { search: `capability:${task.capability ?? task.kind}` })}
              className={link}
            >
              {task.capability ?? task.kind}
            </Link>
          </Fact>
        )}
        {labels.length > 0 && (
          <Fact name="Labels">
            <span className="flex flex-wrap gap-1">
              {labels.map(([name, value]) => (
                <Tag key={name}>{`${name}=${value}`}</Tag>
              ))}
            </span>
          </Fact>
        )}
        {task.runAt > task.createdAt && (
          <Fact name={taskHasEnded(task.state) ? "Was due" : "Due"}>
            <Moment at={task.runAt} />
          </Fact>
        )}
        {task.startedAt !== null && (
          <Fact name="Started">
            <Ago at={task.startedAt} />
          </Fact>
        )}
        {task.finishedAt !== null && (
          <Fact name="Ended">
            <Ago at={task.finishedAt} />
          </Fact>
        )}
        {task.deadline !== null && (
          <Fact name="Deadline">
            <Moment at={task.deadline} />
          </Fact>
        )}
        <Fact name="Time limit">{task.timeoutMs === null ? "none" : `${durationText(task.timeoutMs)} an attempt`}</Fact>
        <Fact name="Failures">{task.maxFailures === 1 ? "none allowed" : `given up after ${task.maxFailures}`}</Fact>
        <Fact name="Backoff">{backoffText(task.backoff)}</Fact>
        {task.retryRules.length > 0 && (
          <Fact name="Retry rules">
            <ul>
              {task.retryRules.map((rule) => (
                <li key={rule.errorKind}>
                  <Tag>{rule.errorKind}</Tag> {ruleText(rule)}
                </li>
              ))}
            </ul>
          </Fact>
        )}
        {task.concurrencyKey !== null && (
          <Fact name="Concurrency">
            {tasks({ key: task.concurrencyKey }, task.concurrencyKey)}, {task.concurrencyLimit} at a time
          </Fact>
        )}
        {task.rateLimitKey !== null && (
          <Fact name="Rate limit">{tasks({ rate: task.rateLimitKey }, task.rateLimitKey)}</Fact>
        )}
        {task.idempotencyKey !== null && (
          <Fact name="Idempotency">
            <span className="wrap-anywhere">{task.idempotencyKey}</span>
          </Fact>
        )}
        {task.resultExpiredAt === null && task.resultTtlMs !== null && (
          <Fact name="Result removed">
            {task.resultExpiresAt === null ? (
              `${durationText(task.resultTtlMs)} after its end`
            ) : (
              <Until at={task.resultExpiresAt} />
            )}
          </Fact>
        )}
      </dl>
    </Card>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <>
      <dt className="whitespace-nowrap text-faint">{name}</dt>
      <dd className="min-w-0 tabular-nums">{children}</dd>
    </>
  );
}

function Moment({ at }: { readonly at: string }) {
  return Date.parse(at) > Date.now() ? <Until at={at} /> : <span title={exactText(at)}>{<Ago at={at} />}</span>;
}
