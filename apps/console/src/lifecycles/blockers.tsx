import Link from "next/link";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import { type ProjectRoute, routes } from "#routes.ts";

export const BlockersFragment = graphql(`
  fragment Blockers on Task {
    id
    position
    positionIsCapped
    blockedBy {
      reason
      message
      agent {
        id
        name
      }
      queue {
        id
        name
      }
      task {
        id
        kind
      }
    }
  }
`);

interface BlockersProps {
  readonly project: ProjectRoute;
  readonly task: FragmentType<typeof BlockersFragment>;
  /** The queue that the reader looks at already: no way leads there. */
  readonly within?: string;
}

/** So many reasons are told; a task may wait for two hundred others. */
const MOST = 4;

/** Why a task has not been started, a sentence for each reason, with the way to what is in its way. */
export function Blockers({ project, task: masked, within }: BlockersProps) {
  const { position, positionIsCapped, blockedBy } = readFragment(BlockersFragment, masked);
  if (blockedBy.length === 0 && position === null) return null;
  return (
    <ul className="grid gap-1.5">
      {blockedBy.slice(0, MOST).map(({ reason, message, agent, queue, task }, index) => (
        <li key={`${reason} ${index}`} className="wrap-anywhere">
          {message} {agent && <Way href={routes.agent(project, agent.id)} name={agent.name} />}
          {queue && queue.name !== within && (
            <Way href={routes.queues(project, { queue: queue.name })} name={`queue ${queue.name}`} />
          )}
          {task && <Way href={routes.task(project, task.id)} name={`task ${task.kind}`} />}
        </li>
      ))}
      {blockedBy.length > MOST && <li className="text-faint">and {blockedBy.length - MOST} more</li>}
      {blockedBy.length === 0 && position !== null && (
        <li>
          {position === 1
            ? "It is next in line."
            : `It is number ${position}${positionIsCapped ? " or later" : ""} in line for an agent.`}
        </li>
      )}
    </ul>
  );
}

function Way({ href, name }: { readonly href: string; readonly name: string }) {
  return (
    <Link href={href} prefetch={false} className="whitespace-nowrap text-accent underline underline-offset-2">
      {name}
    </Link>
  );
}
