import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import { numberText } from "#components/number-text.ts";
import { AttentionRow } from "#features/overview/attention/attention-row.tsx";
import { Way } from "#features/overview/attention/way.tsx";
import { AGENT_STATES } from "#lifecycles/agent-states.tsx";
import { type ProjectRoute, routes } from "#routes.ts";

const PausedFragment = graphql(`
  fragment PausedQueue on Queue {
    id
    name
    pausedAt
    pauseReason
    pausedBy {
      kind
      id
      name
    }
  }
`);

interface PausedQueuesProps {
  readonly project: ProjectRoute;
  readonly queues: readonly (FragmentType<typeof PausedFragment> & { readonly id: string })[];
  readonly total: number;
}

/** Queues that hand out nothing, because somebody said so. */
export function PausedQueues({ project, queues, total }: PausedQueuesProps) {
  return (
    <>
      {queues.map((masked) => {
        const { id, name, pausedAt, pauseReason, pausedBy } = readFragment(PausedFragment, masked);
        return (
          <AttentionRow
            key={id}
            look={AGENT_STATES.SUSPENDED}
            title={`The queue ${name} is paused`}
            since={pausedAt}
            action={
              <Way href={routes.queues(project, { search: name })} what={`queue ${name}`}>
                Open
              </Way>
            }
          >
            {pauseReason !== null && `“${pauseReason}”`}
            {pausedBy && `, ${pausedBy.name}`}
          </AttentionRow>
        );
      })}
      {total > queues.length && (
        <AttentionRow
          look={AGENT_STATES.SUSPENDED}
          title={`${numberText(total - queues.length)} more queues are paused`}
          action={
            <Way href={routes.queues(project)} what="queues">
              Show all
            </Way>
          }
        />
      )}
    </>
  );
}
