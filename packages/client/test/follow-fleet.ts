/** Keeps the states of a project's agents up to date, and prints them whenever one has changed. Quoted in docs/feed.md. */
import { createClient } from "@muster/client/client.ts";
import { document } from "@muster/client/document.ts";
import type { Frame } from "@muster/client/frames.ts";
import { retry } from "@muster/client/retry.ts";

type State = { readonly id: string; readonly state: string };
type Fleet = { readonly node: { readonly cursor: string; readonly agents: { readonly edges: { node: State }[] } } };
type Transition = { readonly subjectId: string; readonly to: string };

const FLEET = document<Fleet, { project: string }>(`query ($project: ID!) {
  node(id: $project) { ... on Project { cursor agents(first: 200) { edges { node { id state } } } } } }`);
const TRANSITIONS = document<{ agentTransitions: Frame<Transition> }, { project: string; after: string | null }>(`
  subscription ($project: ID!, $after: String) { agentTransitions(project: $project, after: $after) { __typename
    ... on EventDelivery { cursor event { subjectId ... on AgentTransitioned { to } } }
    ... on Bookmark { cursor caughtUp }
    ... on ResyncRequired { cursor reason } } }`);

const { MUSTER_URL = "http://127.0.0.1:4000", MUSTER_KEY = "", MUSTER_PROJECT: project = "" } = process.env;
const client = createClient({ url: MUSTER_URL.split(","), credentials: () => MUSTER_KEY });
const states = new Map<string, string>();
const print = () => console.log(JSON.stringify(Object.fromEntries(states)));

/** Reads the state anew, and answers the cursor it was read at. */
async function read(): Promise<string> {
  const { node } = await client.execute(FLEET, { project });
  states.clear();
  for (const { node: agent } of node.agents.edges) states.set(agent.id, agent.state);
  print();
  return node.cursor;
}

await client.follow({
  document: TRANSITIONS,
  variables: { project },
  after: await retry(read),
  onEvent({ subjectId, to }) {
    states.set(subjectId, to);
    print();
  },
  onResync: read,
});
