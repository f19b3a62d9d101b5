"use client";
import Link from "next/link";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import type { AgentAction, AgentState, AgentTroubleFragment } from "#api/generated/graphql.ts";
import { Ago } from "#components/time.tsx";
import { TEXT_LINK } from "#features/agent/text-link.ts";
import { KnownContexts } from "#features/agent/trouble/known-contexts.tsx";
import { LostTasks } from "#features/agent/trouble/lost-tasks.tsx";
import { Standing } from "#features/agent/trouble/standing.tsx";
import { failuresText } from "#features/agent/trouble/trouble-words.ts";
import { useCause } from "#features/agent/trouble/use-cause.ts";
import { type ProjectRoute, routes } from "#routes.ts";

const TroubleFragment = graphql(`
  fragment AgentTrouble on Agent {
    id
    state
    stateSince
    version
    bundle
    activeTasks
    lastError
    errorCount
    availableActions
  }
`);

const TROUBLED: readonly AgentState[] = ["ERROR", "UNRESPONSIVE"];
const AT_WORK: readonly AgentState[] = ["ONLINE", "IDLE", "BUSY"];
/** A change of what the agent is, so short before, may be why. */
const SHORT_BEFORE_MS = 60 * 60_000;

/** What each way out means, in the order in which one would try them. */
const WAYS_OUT: readonly (readonly [AgentAction, string])[] = [
  ["START", "Start runs it in a new process."],
  ["RECOVER", "Recover trusts the process that runs, when you know that it is well again."],
];

interface AgentTroubleProps {
  readonly project: ProjectRoute;
  readonly agent: FragmentType<typeof TroubleFragment>;
}

/** Why the agent does not work, in a sentence, what it did and knew before, and what can be done about it. */
export function AgentTrouble({ project, agent: masked }: AgentTroubleProps) {
  const agent = readFragment(TroubleFragment, masked);
  if (AT_WORK.includes(agent.state)) return null;
  return TROUBLED.includes(agent.state) ? (
    <Trouble key={agent.version} project={project} agent={agent} />
  ) : (
    <Standing key={agent.version} project={project} agent={agent} />
  );
}

interface PartProps {
  readonly project: ProjectRoute;
  readonly agent: AgentTroubleFragment;
}

function Trouble({ project, agent }: PartProps) {
  const { id, state, stateSince, bundle, activeTasks, lastError, errorCount, availableActions } = agent;
  const found = useCause({ id, since: stateSince });
  const event = found?.cause.edges[0]?.node;
  const said = event?.reason;
  const cause =
    state === "ERROR" ? (lastError ?? said ?? "It failed, and did not say why.") : (said ?? "It no longer answers.");
  const ways = WAYS_OUT.filter(([action]) => availableActions.includes(action)).map(([, means]) => means);
  const lost = found?.lost.edges.flatMap(({ node }) =>
    "task" in node && node.task !== null && HELD.includes(node.from ?? "") ? [node.task] : [],
  );
  const newest = found?.bundles.edges[0]?.node;
  const changed =
    newest !== undefined &&
    newest.number > 1 &&
    !newest.changes.includes("CONTEXT") &&
    Math.abs(Date.parse(stateSince) - Date.parse(newest.createdAt)) < SHORT_BEFORE_MS;
  return (
    <section aria-label="Trouble" className="rounded-lg border border-danger/35 bg-danger-soft px-4 py-3">
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-1">
        <p className="min-w-0 font-[550] wrap-anywhere whitespace-pre-line text-danger">{cause}</p>
        {event && (
          <Link
            href={routes.agent(project, id, { event: event.id })}
            className="shrink-0 text-muted hover:text-ink hover:underline"
          >
            What happened before
          </Link>
        )}
      </div>
      <p className="mt-0.5 text-muted">
        {state === "ERROR" &&
          `${
            failuresText(
              errorCount,
              (found?.failures.edges ?? []).map(({ node }) => node.at),
            ) ?? ""
          } `}
        {state === "UNRESPONSIVE" &&
          activeTasks > 0 &&
          `What it holds, ${activeTasks === 1 ? "a task" : `${activeTasks} tasks`}, goes back to the queue when its time is up. `}
        {ways.length > 0 ? ways.join(" ") : "Ask somebody who may operate it to start it again."}{" "}
        {bundle > 1 && (
          <>
            Is a change of its own to blame?{" "}
            <Link
              href={routes.agent(project, id, { tab: "versions" })}
              className={`whitespace-nowrap text-accent ${TEXT_LINK}`}
            >
              Roll it back
            </Link>
          </>
        )}
      </p>
      <LostTasks project={project} tasks={lost ?? []} />
      <KnownContexts
        project={project}
        since={stateSince}
        readings={[...(found?.own.edges ?? []), ...(found?.shared.edges ?? [])].map(({ node }) => node)}
      />
      {changed && (
        <p className="mt-1.5 text-muted">
          What it is was changed <Ago at={newest.createdAt} /> by {newest.author.name}.{" "}
          <Link
            href={routes.agent(project, id, { tab: "versions", compare: `${newest.number - 1}..${newest.number}` })}
            className={`whitespace-nowrap text-accent ${TEXT_LINK}`}
          >
            Compare its bundles {newest.number - 1} → {newest.number}
          </Link>
        </p>
      )}
    </section>
  );
}

const HELD = ["ASSIGNED", "RUNNING", "CANCELLING"];
