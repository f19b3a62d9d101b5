"use client";
import type { TaskFilter } from "#api/generated/graphql.ts";
import { graphql } from "#api/generated/gql.ts";
import { Chip } from "#components/chip.tsx";
import { numberText } from "#components/number-text.ts";
import { useLatest } from "#components/use-latest.ts";
import { useLiveQuery } from "#live/use-live-query.ts";
import { projectPath, type ProjectRoute } from "#routes.ts";

const ErrorKindsQuery = graphql(`
  query TaskErrorKinds($path: String!, $filter: TaskFilter!) {
    project(path: $path) {
      id
      cursor
      taskErrorCounts(filter: $filter) {
        isCapped
        kinds {
          kind
          count
        }
      }
    }
  }
`);

const ErrorKindsFeed = graphql(`
  subscription TaskErrorKindsFeed($project: ID!, $after: String) {
    taskUpdates(project: $project, after: $after, states: [FAILED]) {
      ...FollowedFrame
      ... on EventDelivery {
        event {
          id
        }
      }
    }
  }
`);

interface ErrorKindsProps {
  readonly project: ProjectRoute;
  /** Of which tasks, whatever they failed of. */
  readonly filter: TaskFilter;
  /** The kind that the list is narrowed to. */
  readonly chosen: string | undefined;
  readonly onChoose: (kind: string | undefined) => void;
  readonly replayed: string | undefined;
  readonly onReplayed: (replayed: string | undefined) => void;
}

const MOST = 8;

/** Of tasks that have failed: what they failed of, the most frequent first, to look at one cause at a time. */
export function ErrorKinds({ project, filter, chosen, onChoose, replayed, onReplayed }: ErrorKindsProps) {
  const { errorKinds: _, ...any } = filter;
  const { data } = useLiveQuery({
    query: ErrorKindsQuery,
    variables: { path: projectPath(project), filter: any },
    feed: ({ project: found }) => found && { document: ErrorKindsFeed, variables: { project: found.id } },
    rereadOn: () => true,
    keepsEvents: false,
  });
  const shown = useLatest(data, data !== undefined)?.project?.taskErrorCounts;
  const kinds = shown?.kinds.slice(0, MOST) ?? [];
  return (
    <div role="group" aria-label="Why they failed" className="flex flex-wrap items-center gap-1.5">
      <Chip pressed={replayed === "no"} onPress={() => onReplayed(replayed === "no" ? undefined : "no")}>
        Not run again yet
      </Chip>
      {kinds.length > 0 && (
        <span className="ml-2 text-sm text-faint">{shown?.isCapped ? "Of the last 10,000:" : "By error:"}</span>
      )}
      {kinds.map(({ kind, count }) => (
        <Chip key={kind} pressed={chosen === kind} onPress={() => onChoose(chosen === kind ? undefined : kind)}>
          <span className="font-mono text-xs">{kind}</span>
          <b className="font-semibold text-ink tabular-nums">{numberText(count)}</b>
        </Chip>
      ))}
    </div>
  );
}
