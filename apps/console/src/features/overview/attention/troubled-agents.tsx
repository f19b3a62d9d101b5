import Link from "next/link";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import { numberText } from "#components/number-text.ts";
import { AttentionRow } from "#features/overview/attention/attention-row.tsx";
import { Way } from "#features/overview/attention/way.tsx";
import { AGENT_STATES } from "#lifecycles/agent-states.tsx";
import { type ProjectRoute, routes } from "#routes.ts";

const TroubledFragment = graphql(`
  fragment TroubledAgent on Agent {
    id
    name
    state
    stateSince
    lastError
    activeTasks
  }
`);

/** So many that do not answer have a row each. */
const FEW = 3;

interface TroubledAgentsProps {
  readonly project: ProjectRoute;
  readonly agents: readonly (FragmentType<typeof TroubledFragment> & { readonly id: string })[];
  readonly total: number;
}

/** Agents that have failed: the newest of them, each with its cause. */
export function FailedAgents({ project, agents, total }: TroubledAgentsProps) {
  return (
    <>
      {agents.map((agent) => (
        <TroubledAgent key={agent.id} project={project} agent={agent} />
      ))}
      {total > agents.length && (
        <AttentionRow
          look={AGENT_STATES.ERROR}
          title={`${numberText(total - agents.length)} more agents have failed`}
          action={
            <Way href={routes.fleet(project, { state: ["ERROR"] })} what="agents that have failed">
              Show all
            </Way>
          }
        />
      )}
    </>
  );
}

/** Agents that do not answer: a row each while they are few, one for all when they are many. */
export function LostAgents({ project, agents, total }: TroubledAgentsProps) {
  if (total <= FEW) return agents.map((agent) => <TroubledAgent key={agent.id} project={project} agent={agent} />);
  return (
    <AttentionRow
      look={AGENT_STATES.UNRESPONSIVE}
      title={`${numberText(total)} agents do not answer`}
      since={readFragment(TroubledFragment, agents[0])?.stateSince ?? null}
      action={
        <Way href={routes.fleet(project, { state: ["UNRESPONSIVE"] })} what="agents that do not answer">
          Show all
        </Way>
      }
    >
      {agents.map((masked) => {
        const { id, name } = readFragment(TroubledFragment, masked);
        return (
          <Link
            key={id}
            href={routes.agent(project, id)}
            prefetch={false}
            className="mr-2 text-ink underline underline-offset-2"
          >
            {name}
          </Link>
        );
      })}
      and {numberText(total - agents.length)} more. When so many fall silent at once, look at what they share: a
      machine, a network, a definition.
    </AttentionRow>
  );
}

function TroubledAgent({
  project,
  agent: masked,
}: {
  readonly project: ProjectRoute;
  readonly agent: FragmentType<typeof TroubledFragment>;
}) {
  const { id, name, state, stateSince, lastError, activeTasks } = readFragment(TroubledFragment, masked);
  const isLost = state === "UNRESPONSIVE";
  return (
    <AttentionRow
      look={AGENT_STATES[state]}
      title={
        <>
          <Link href={routes.agent(project, id)} prefetch={false} className="hover:underline">
            {name}
          </Link>{" "}
          {isLost ? "does not answer" : "has failed"}
        </>
      }
      since={stateSince}
      action={
        <Way href={routes.agent(project, id)} what={name}>
          Open
        </Way>
      }
    >
      {isLost ? lostText(activeTasks) : (lastError ?? "It did not say why.")}
    </AttentionRow>
  );
}

function lostText(tasks: number): string {
  if (tasks === 0) return "It gives no sign of life, or takes no work that it is offered.";
  return `It holds ${tasks === 1 ? "a task, which goes" : `${tasks} tasks, which go`} back to the queue when the time is up.`;
}
