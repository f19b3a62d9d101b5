import { setTimeout as sleep } from "node:timers/promises";
import type { Caller } from "@muster/domain/actor.ts";
import { formatId } from "@muster/domain/ids.ts";
import { AGENT_PERMISSIONS } from "@muster/domain/permissions.ts";
import { type Feed, openFeed } from "@muster/events/feed.ts";
import { openContext } from "@muster/operations/contexts/open-context.ts";
import { writeContext } from "@muster/operations/contexts/versions/write-context.ts";
import { transitionAgent } from "@muster/operations/agents/transition-agent.ts";
import { type GraphQLError, parse } from "graphql";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { Cohorts } from "../src/live/cohorts.ts";
import type { Rendered } from "../src/live/live-sink.ts";
import { runtimesOf } from "../src/request-context.ts";
import { LiveStream } from "../src/live/live-stream.ts";
import { openLive } from "../src/live/open-live.ts";
import { presentError } from "../src/present-error.ts";
import { type BusyFleet, callerOf, createBusyFleet } from "./busy-fleet.ts";
import { counting } from "./counting-database.ts";

let fleet: BusyFleet;
let feed: Feed;
let cohorts: Cohorts;
let project: string;
const open: LiveStream[] = [];
/** On a busy machine also what is quick may take a while. */
const eventually = <Value>(look: () => Value) => expect.poll(look, { timeout: 10_000 });

beforeAll(async () => {
  fleet = await createBusyFleet(2);
  feed = await openFeed({ url: fleet.url, onError: () => {} });
  cohorts = new Cohorts(feed);
  project = formatId("project", fleet.projectId);
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((stream) => stream.return()));
});
afterAll(async () => {
  await feed.close();
  await fleet.close();
});

const EVENTS = `subscription ($project: ID!, $after: String, $types: [String!]) {
  events(project: $project, after: $after, filter: { types: $types }) { __typename
    ... on EventDelivery { cursor event { id type subjectId ... on AgentTransitioned { agent { state } } } }
    ... on Bookmark { cursor caughtUp } ... on ResyncRequired { cursor reason } } }`;

interface Client {
  readonly stream: LiveStream;
  readonly results: Rendered[];
  /** Whether its connection is stuck. */
  full: boolean;
  /** What of its results are events, as text. */
  events(): string[];
}

const counted = () => {
  const { database, statements } = counting(fleet.database);
  return { runtime: { ...fleet.runtime, database, committed: () => feed.committed() }, statements };
};

async function follow(
  caller: Caller = fleet.admin,
  {
    variables = {},
    text = EVENTS,
    runtime = counted().runtime,
  }: { variables?: object; text?: string; runtime?: BusyFleet["runtime"] } = {},
): Promise<Client> {
  const results: Rendered[] = [];
  const sink = {
    get isFull() {
      return client.full;
    },
    send: (result: Rendered) => void results.push(result),
    sendWhenRoom: (result: Rendered) => (results.push(result), null),
  };
  const context = {
    caller,
    ...runtimesOf(runtime, caller),
    feed,
    cohorts,
    cursor: "",
    lastEventId: null,
    assignments: null as never,
    taskWatch: null as never,
  };
  const request = { document: parse(text), variableValues: { project, ...variables }, context, sink };
  const mask = (error: unknown) => presentError(error) ?? (error as GraphQLError);
  const stream = await openLive({ ...request, operationName: null, mask });
  if (!(stream instanceof LiveStream)) throw new AggregateError(stream, stream[0]?.message);
  open.push(stream);
  void stream.next();
  const texts = () => results.map(({ closed }) => String(closed.subarray(0, -1)));
  const client: Client = {
    stream,
    results,
    full: false,
    events: () => texts().filter((result) => result.includes('"EventDelivery"')),
  };
  await eventually(() => texts().some((result) => result.includes('"caughtUp":true'))).toBe(true);
  return client;
}

async function move(times = 1): Promise<void> {
  const { runtime } = counted();
  for (let time = 0; time < times; time += 1) {
    for (const action of ["MAINTAIN", "RESUME"] as const) {
      await transitionAgent(runtime, fleet.admin, {
        agentId: fleet.agentIds[0] ?? "",
        action,
        reason: "test",
        mode: "NOW",
      });
    }
  }
}

const agentCaller = (index: number) =>
  callerOf({
    kind: "AGENT",
    id: fleet.agentIds[index] ?? "",
    name: `agent-${index}`,
    permissions: new Set(AGENT_PERMISSIONS),
  });

it("runs the document once for all who ask the same, wherever they began, and gives them the same bytes", async () => {
  const { runtime, statements } = counted();
  const start = await feed.presentCursor();
  const types = ["agent.transitioned"];
  await move();
  const clients = await Promise.all(
    Array.from({ length: 20 }, (_, number) =>
      follow(fleet.admin, { variables: { types, ...(number % 2 ? { after: start } : {}) }, runtime }),
    ),
  );
  await eventually(() => cohorts.counts).toEqual({ cohorts: 1, members: 20 });
  const before = statements();
  await move(5);
  const [one] = clients;
  const live = (client: Client) =>
    client.results.filter(({ closed }) => String(closed).includes('"EventDelivery"')).slice(-10);
  await eventually(() => clients.every((client) => client.events().length >= 10)).toBe(true);
  await eventually(() => one && live(one).length).toBe(10);
  for (const client of clients) live(client).forEach((result, at) => expect(result).toBe(one && live(one)[at]));
  // At most one look at the agent for each of the ten events, and not for each of the subscribers.
  expect(statements() - before).toBeLessThanOrEqual(10);
  await clients[0]?.stream.return();
  expect(cohorts.counts).toEqual({ cohorts: 1, members: 19 });
});

it("keeps apart those who may see different things, and those who ask for different things", async () => {
  const other = `${EVENTS} # another text`;
  await follow();
  await follow(fleet.admin, { variables: { types: ["agent.transitioned"] } });
  await follow(fleet.admin, { text: other });
  await follow({ ...fleet.admin, actor: { ...fleet.admin.actor, permissions: new Set(AGENT_PERMISSIONS) } });
  await follow(agentCaller(0));
  await follow(agentCaller(1));
  await eventually(() => cohorts.counts).toEqual({ cohorts: 6, members: 6 });
});

it("gives an agent nothing of another's private context through a cohort", async () => {
  const [owner, curious] = [await follow(agentCaller(0)), await follow(agentCaller(1))];
  const { runtime } = counted();
  const context = await openContext(runtime, agentCaller(0), {
    projectId: fleet.projectId,
    agentId: fleet.agentIds[0] ?? "",
    name: "secret",
  });
  await writeContext(runtime, agentCaller(0), { contextId: context.id, data: { secret: true } });
  await eventually(() => owner.events().filter((event) => event.includes("context.version_written")).length).toBe(1);
  await sleep(300);
  expect(curious.events()).toEqual([]);
});

it("ends who cannot keep up with the cursor from which nothing is missed, and harms nobody else", async () => {
  const [quick, slow] = [await follow(), await follow()];
  await eventually(() => cohorts.counts.members).toBe(2);
  await move();
  await eventually(() => slow.events().length).toBe(2);
  slow.full = true;
  await move(2);
  await eventually(() => quick.events().length).toBe(6);
  await slow.stream.next();
  expect(String(slow.results.at(-1)?.closed)).toContain('"reason":"SLOW_CONSUMER"');
  expect(slow.events()).toHaveLength(2);
  const after = slow.results.at(-1)?.cursor;
  expect(after).toBe(slow.results.at(-2)?.cursor);
  const back = await follow(fleet.admin, { variables: { after } });
  expect([...slow.events(), ...back.events()].map(idOf)).toEqual(quick.events().map(idOf));
  await eventually(() => cohorts.counts).toEqual({ cohorts: 1, members: 2 });
});

const idOf = (event: string) => /"id":"(event_\d+)"/.exec(event)?.[1];

it("refuses what asks for too much at once, before anything comes", async () => {
  const page =
    "project { agents(first: 200) { edges { node { tasks(first: 200) { edges { node { id kind queue state } } } } } } }";
  const text = `subscription ($project: ID!) { events(project: $project) { ... on EventDelivery { event {
    ... on AgentTransitioned { agent { ${page} } } } } } }`;
  await expect(follow(fleet.admin, { text })).rejects.toThrow("complexity of the query is above");
});
