"use client";
import { useQuery } from "urql";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import type { AgentAction, AgentTroubleFragment } from "#api/generated/graphql.ts";

/** Asked for only in trouble: what was said when the agent came to it. */
const CauseQuery = graphql(`
  query AgentCause($id: ID!) {
    node(id: $id) {
      id
      ... on Agent {
        timeline(last: 1, filter: { types: ["agent.transitioned"] }) {
          edges {
            node {
              id
              reason
            }
          }
        }
      }
    }
  }
`);

const TroubleFragment = graphql(`
  fragment AgentTrouble on Agent {
    id
    state
    version
    lastError
    errorCount
    availableActions
  }
`);

/** What each way out means, in the order in which one would try them. */
const WAYS_OUT: readonly (readonly [AgentAction, string])[] = [
  ["START", "Start runs it in a new process."],
  ["RECOVER", "Recover trusts the process that runs, when you know that it is well again."],
];

/** Why the agent does not work, in a sentence, and what can be done about it. */
export function AgentTrouble({ agent: masked }: { readonly agent: FragmentType<typeof TroubleFragment> }) {
  const agent = readFragment(TroubleFragment, masked);
  if (agent.state !== "ERROR" && agent.state !== "UNRESPONSIVE") return null;
  return <Trouble key={agent.version} agent={agent} />;
}

function Trouble({ agent }: { readonly agent: AgentTroubleFragment }) {
  const { id, state, lastError, errorCount, availableActions } = agent;
  const [{ data }] = useQuery({ query: CauseQuery, variables: { id }, requestPolicy: "network-only" });
  const said = data?.node && "timeline" in data.node ? data.node.timeline.edges[0]?.node.reason : null;
  const cause =
    state === "ERROR" ? (lastError ?? said ?? "It failed, and did not say why.") : (said ?? "It no longer answers.");
  const ways = WAYS_OUT.filter(([action]) => availableActions.includes(action)).map(([, means]) => means);
  return (
    <section aria-label="Trouble" className="rounded-lg border border-danger/35 bg-danger-soft px-4 py-3">
      <p className="font-[550] break-words whitespace-pre-line text-danger">{cause}</p>
      <p className="mt-0.5 text-muted">
        {state === "UNRESPONSIVE"
          ? "The tasks it held go back to the queue when their time is up. "
          : "The tasks it held went back to the queue. "}
        {errorCount > 1 && `It is the ${ordinal(errorCount)} time that it failed. `}
        {ways.length > 0 ? ways.join(" ") : "Ask somebody who may operate it to start it again."}
      </p>
    </section>
  );
}

/** "2nd", "13th". */
function ordinal(count: number): string {
  const suffix =
    { one: "st", two: "nd", few: "rd" }[new Intl.PluralRules("en", { type: "ordinal" }).select(count) as string] ??
    "th";
  return `${count}${suffix}`;
}
