import { once } from "node:events";
import { request as httpRequest } from "node:http";
import type { IncomingMessage } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { createAgent, createTenant, startTestServer, type Tenant, type TestServer } from "./harness.ts";
import { openRawSocket } from "./raw-socket.ts";

let server: TestServer;
let tenant: Tenant;
let agentId: string;

beforeAll(async () => {
  server = await startTestServer({ MUSTER_SOCKET_BUFFER_BYTES: "65536" });
  tenant = await createTenant(server);
  ({ id: agentId } = await createAgent(server, tenant, "mover"));
});
afterAll(() => server.stop());

const FRAME = `__typename ... on EventDelivery { cursor event { id type } } ... on Bookmark { cursor caughtUp }
  ... on ResyncRequired { cursor reason }`;
const EVENTS = `subscription ($project: ID!, $after: String) { events(project: $project, after: $after) { ${FRAME} } }`;

/** Moves the agent to and fro: two events each time. */
async function move(times = 1, reason = "test"): Promise<void> {
  for (let time = 0; time < times; time += 1) {
    for (const action of ["SUSPEND", "RESUME"]) {
      const answer = await server.ask<{ transitionAgent: { __typename: string } }>(
        `mutation ($input: TransitionAgentInput!) { transitionAgent(input: $input) { __typename } }`,
        { input: { agentId, action, reason } },
      );
      expect(answer.data?.transitionAgent.__typename).toBe("TransitionAgentSuccess");
    }
  }
}

async function loggedIds(after = 0): Promise<string[]> {
  const answer = await server.ask<{ project: { events: { edges: { node: { id: string } }[] } } }>(
    `query ($path: String!) { project(path: $path) { events(last: 200) { edges { node { id } } } } }`,
    { path: tenant.path },
  );
  return (answer.data?.project.events.edges ?? []).map(({ node }) => node.id).slice(after);
}

interface ServerSentEvent {
  readonly id: string;
  readonly event: string;
  readonly data: string;
}

interface Stream {
  readonly events: ServerSentEvent[];
  readonly response: IncomingMessage;
  close(): void;
}

/** Reads a stream of server-sent events. */
async function openStream(query: string, variables: object, headers: Record<string, string> = {}): Promise<Stream> {
  const target = `/graphql?${new URLSearchParams({ query, variables: JSON.stringify(variables) })}`;
  const request = httpRequest(`${server.url}${target}`, {
    headers: { accept: "text/event-stream", authorization: `Bearer ${server.adminKey}`, ...headers },
  });
  onTestFinished(() => void request.destroy());
  request.end();
  const [response] = (await once(request, "response")) as [IncomingMessage];
  const events: ServerSentEvent[] = [];
  let text = "";
  response.setEncoding("utf8");
  response.on("error", () => {});
  response.on("data", (chunk: string) => {
    const blocks = (text + chunk).split("\n\n");
    text = blocks.pop() ?? "";
    for (const block of blocks) {
      const fields = new Map(block.split("\n").map((line) => [line.split(":", 1)[0], line.replace(/^\w*: ?/, "")]));
      if (fields.has("event")) {
        const [id = "", event = "", data = ""] = ["id", "event", "data"].map((name) => fields.get(name));
        events.push({ id, event, data });
      }
    }
  });
  return { events, response, close: () => request.destroy() };
}

const idsIn = (texts: string[]) => texts.flatMap((text) => /"id":"(event_\d+)"/.exec(text)?.[1] ?? []);

describe("a feed as server-sent events", () => {
  it("names each frame by its cursor, and continues exactly after Last-Event-ID, whatever the operation says", async () => {
    const first = await openStream(EVENTS, { project: tenant.projectId });
    await expect.poll(() => first.events.length).toBeGreaterThan(0);
    const known = await loggedIds();
    await move(2);
    await expect.poll(() => idsIn(first.events.map(({ data }) => data)).length).toBe(4);
    for (const { id, event, data } of first.events) {
      expect(event).toBe("next");
      expect(data).toContain(`"cursor":"${id}"`);
    }
    first.close();
    await move(2);
    // As EventSource does it, with the same URL as before.
    const second = await openStream(
      EVENTS,
      { project: tenant.projectId, after: first.events[0]?.id },
      { "last-event-id": first.events.at(-1)?.id ?? "" },
    );
    await expect.poll(() => idsIn(second.events.map(({ data }) => data)).length).toBe(4);
    const all = [...first.events, ...second.events].map(({ data }) => data);
    expect(idsIn(all)).toEqual(await loggedIds(known.length));
  });

  it("ends with ResyncRequired and complete for a cursor that is none", async () => {
    const stream = await openStream(EVENTS, { project: tenant.projectId }, { "last-event-id": "nonsense" });
    await once(stream.response, "end");
    expect(stream.events.map(({ event }) => event)).toEqual(["next", "complete"]);
    expect(stream.events[0]?.data).toContain('"reason":"CURSOR_UNKNOWN"');
  });

  it("is given to who asks for it, not to who takes JSON first", async () => {
    const typeFor = async (accept: string) => {
      const answer = await fetch(`${server.url}/graphql?query={viewer{actor{name}}}`, {
        headers: { accept, authorization: `Bearer ${server.adminKey}` },
      });
      expect(await answer.text()).toContain("viewer");
      return answer.headers.get("content-type")?.split(";")[0];
    };
    expect(await typeFor("text/event-stream")).toBe("text/event-stream");
    expect(await typeFor("text/event-stream;q=1, application/json")).toBe("text/event-stream");
    expect(await typeFor("application/json, text/event-stream")).toBe("application/json");
    const urql = "application/graphql-response+json, application/json, text/event-stream, multipart/mixed";
    expect(await typeFor(urql)).toBe("application/graphql-response+json");
  });

  it("is refused with a status and JSON when it cannot begin", async () => {
    const refused = async (query: string, variables: object, headers = {}) => {
      const target = `/graphql?${new URLSearchParams({ query, variables: JSON.stringify(variables) })}`;
      const authorization = `Bearer ${server.adminKey}`;
      const answer = await fetch(`${server.url}${target}`, {
        headers: { accept: "text/event-stream", authorization, ...headers },
      });
      const { errors } = (await answer.json()) as { errors: { extensions: { code: string } }[] };
      return [answer.status, errors[0]?.extensions.code];
    };
    const nobody = tenant.projectId.replace(/.$/, (last) => (last === "0" ? "1" : "0"));
    expect(await refused(EVENTS, { project: nobody })).toEqual([404, "NOT_FOUND"]);
    expect(await refused("subscription { nothing }", {})).toEqual([400, "GRAPHQL_VALIDATION_FAILED"]);
    expect(await refused(EVENTS, {}, { authorization: "Bearer wrong" })).toEqual([401, "UNAUTHENTICATED"]);
    const mutation = `mutation { createWorkspace(input: { slug: "by-get", name: "By GET" }) { __typename } }`;
    expect(await refused(mutation, {})).toEqual([405, "BAD_REQUEST"]);
    expect((await server.ask(`{ workspace(slug: "by-get") { id } }`)).data).toEqual({ workspace: null });
  });
});

/** Many times the payload, so that a connection that is not read is soon full. */
const LARGE = `subscription ($project: ID!) { events(project: $project) { ${FRAME}
  ... on EventDelivery { large: event { ${Array.from({ length: 160 }, (_, at) => `r${at}: reason`).join(" ")} } } } }`;

describe("a feed over a WebSocket", () => {
  it("comes whole, whatever the size of its messages", async () => {
    const socket = await openRawSocket(server);
    const sizes = { short: "__typename", middle: `... on Bookmark { ${"a".repeat(200)}: cursor }`, long: "" };
    const aliases = Array.from({ length: 400 }, (_, at) => `${"a".repeat(200)}${at}: cursor`);
    sizes.long = `... on Bookmark { ${aliases.join(" ")} }`;
    for (const [id, fields] of Object.entries(sizes)) {
      const query = `subscription ($project: ID!) { events(project: $project) { ${fields} } }`;
      socket.subscribe(id, query, { project: tenant.projectId });
    }
    await expect.poll(() => Object.keys(sizes).map((id) => socket.frames(id).length > 0)).toEqual([true, true, true]);
    const length = (id: string) => JSON.stringify(socket.messages.find((message) => message.id === id)).length;
    expect([length("short") < 126, length("middle") > 200, length("long") > 65_536]).toEqual([true, true, true]);
    await move();
    expect(socket.socket.readyState).toBe(1);
  });
});

describe("a client that does not read", () => {
  it("gets ResyncRequired over a WebSocket, with the cursor from which it misses nothing, and harms nobody", async () => {
    const [slow, quick] = [await openRawSocket(server), await openRawSocket(server)];
    const known = await loggedIds();
    for (const socket of [slow, quick]) socket.subscribe("1", LARGE, { project: tenant.projectId });
    await expect.poll(() => [slow, quick].every((socket) => socket.frames("1").length > 0)).toBe(true);
    slow.socket.pause();
    const delays: number[] = [];
    const reason = "x".repeat(900);
    for (let round = 0; round < 40; round += 1) {
      const had = quick.frames("1").length;
      await move(1, reason);
      const begun = performance.now();
      while (quick.frames("1").length < had + 2) await sleep(1);
      delays.push(performance.now() - begun);
    }
    expect(delays.toSorted((a, b) => a - b)[Math.floor(delays.length / 2)]).toBeLessThan(100);
    slow.socket.resume();
    await expect.poll(() => slow.messages.at(-1)?.type, { timeout: 10_000 }).toBe("complete");
    const frames = slow.frames("1");
    const resync = frames.at(-1);
    expect(resync).toMatchObject({ __typename: "ResyncRequired", reason: "SLOW_CONSUMER" });
    slow.subscribe("2", EVENTS, { project: tenant.projectId, after: resync?.cursor });
    const ids = (id: string) => idsIn(slow.frames(id).map((frame) => JSON.stringify(frame)));
    const expected = await loggedIds(known.length);
    expect(ids("1").length).toBeLessThan(expected.length);
    await expect.poll(() => [...ids("1"), ...ids("2")]).toEqual(expected);
    expect(idsIn(quick.frames("1").map((frame) => JSON.stringify(frame)))).toEqual(expected);
  });

  it("gets the same over server-sent events", async () => {
    const slow = await openStream(LARGE, { project: tenant.projectId });
    await expect.poll(() => slow.events.length).toBeGreaterThan(0);
    slow.response.pause();
    const reason = "y".repeat(900);
    await move(40, reason);
    slow.response.resume();
    await once(slow.response, "end");
    expect(slow.events.slice(-2).map(({ event }) => event)).toEqual(["next", "complete"]);
    expect(slow.events.at(-2)?.data).toContain('"reason":"SLOW_CONSUMER"');
  });
});
