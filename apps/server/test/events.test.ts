import { type Client, createClient } from "@muster/client/client.ts";
import { document } from "@muster/client/document.ts";
import type { Frame } from "@muster/client/frames.ts";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { createAgent, createTenant, startTestServer, type Tenant, type TestServer } from "./harness.ts";

let server: TestServer;
let tenant: Tenant;
beforeAll(async () => {
  server = await startTestServer();
  tenant = await createTenant(server);
});
afterAll(() => server.stop());

interface ListedEvent {
  readonly id: string;
  readonly type: string;
  readonly to?: string;
}

interface Fleet {
  readonly complete: boolean;
  readonly agents: {
    readonly totalCount: number;
    readonly edges: readonly { readonly node: { readonly state: string } }[];
  };
  readonly counts: readonly { readonly state: string; readonly count: number }[];
}

async function move(agentId: string, action: string, reason = "test"): Promise<void> {
  const answer = await server.ask<{ transitionAgent: { __typename: string } }>(
    `mutation ($input: TransitionAgentInput!) { transitionAgent(input: $input) { __typename } }`,
    { input: { agentId, action, reason } },
  );
  expect(answer.data?.transitionAgent.__typename).toBe("TransitionAgentSuccess");
}

const EVENT = `id type at project reason subjectId subjectVersion payload actor { kind name }
  ... on AgentTransitioned { agent { id state } from to action durationMs }`;

describe("events over HTTP", () => {
  it("are listed oldest first, paged both ways, filtered, and loaded by id", async () => {
    const agent = await createAgent(server, tenant, "listed");
    await move(agent.id, "START", "first reason");
    await move(agent.id, "STOP");
    const timeline = async (page: string) => {
      const { data, errors } = await server.ask<{
        node: { timeline: { totalCount: number; edges: { cursor: string; node: ListedEvent }[] } };
      }>(
        `query ($id: ID!) { node(id: $id) { ... on Agent { timeline(${page}) { totalCount edges { cursor node { __typename ${EVENT} } } } } } }`,
        { id: agent.id },
      );
      expect(errors).toBeUndefined();
      return data?.node.timeline ?? { totalCount: 0, edges: [] };
    };
    const all = await timeline("first: 10");
    expect(all.edges.map(({ node }) => node.type)).toEqual([
      "agent.registered",
      "agent.transitioned",
      "agent.transitioned",
    ]);
    expect(all.edges[1]?.node).toMatchObject({
      __typename: "AgentTransitioned",
      project: tenant.projectId,
      reason: "first reason",
      subjectId: agent.id,
      actor: { kind: "API_KEY", name: "bootstrap" },
      agent: { id: agent.id, state: "OFFLINE" },
      from: "REGISTERED",
      to: "DEPLOYING",
      action: "START",
    });
    const newest = await timeline("last: 1");
    expect(newest).toMatchObject({ totalCount: 3, edges: [{ node: { to: "OFFLINE" } }] });
    const before = await timeline(`last: 1, before: "${newest.edges[0]?.cursor}"`);
    expect(before.edges[0]?.node.to).toBe("DEPLOYING");
    expect((await timeline(`filter: { types: ["agent.registered"] }`)).totalCount).toBe(1);
    expect((await timeline(`filter: { search: "FIRST" }`)).totalCount).toBe(1);
    expect((await timeline(`filter: { subjects: ["nonsense"] }`)).totalCount).toBe(0);

    const ids = [all.edges[1]?.node.id, "event_999999999", all.edges[0]?.node.id];
    const loaded = await server.ask<{ nodes: ({ __typename: string; id: string } | null)[] }>(
      `query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }`,
      { ids },
    );
    expect(loaded.data?.nodes).toEqual([
      { __typename: "AgentTransitioned", id: ids[0] },
      null,
      { __typename: "OtherEvent", id: ids[2] },
    ]);
  });

  it("are another tenant's to see only with that tenant's key", async () => {
    const other = await createTenant(server);
    const agent = await createAgent(server, other, "foreign");
    const stranger = await createAgent(server, tenant, "stranger");
    const { data } = await server.ask<{ node: { timeline: { edges: { node: { id: string } }[] } } }>(
      `query ($id: ID!) { node(id: $id) { ... on Agent { timeline { edges { node { id } } } } } }`,
      { id: agent.id },
    );
    const id = data?.node.timeline.edges[0]?.node.id;
    expect(id).toMatch(/^event_/);
    const foreign = await server.ask<{ node: null }>(`query ($id: ID!) { node(id: $id) { id } }`, { id }, stranger.key);
    expect(foreign.data).toEqual({ node: null });
  });

  it("say how the fleet was at a time", async () => {
    const place = await createTenant(server);
    const agent = await createAgent(server, place, "traveller");
    const at = async (time: string) => {
      const { data, errors } = await server.ask<{ project: { fleetAt: Fleet } }>(
        `query ($path: String!, $at: DateTime!) { project(path: $path) { fleetAt(at: $at) {
           at complete agents { totalCount edges { node { state since agent { name state } } } } counts { state count } } } }`,
        { path: place.path, at: time },
      );
      expect(errors).toBeUndefined();
      if (!data) throw new Error("no answer");
      return data.project.fleetAt;
    };
    const registered = new Date();
    await new Promise((resolve) => setTimeout(resolve, 20));
    await move(agent.id, "START");
    const then = await at(registered.toISOString());
    expect(then).toMatchObject({
      complete: true,
      agents: { totalCount: 1, edges: [{ node: { state: "REGISTERED", agent: { state: "DEPLOYING" } } }] },
    });
    expect(then.counts).toContainEqual({ state: "REGISTERED", count: 1 });
    expect((await at("2999-01-01T00:00:00Z")).agents.edges[0]?.node.state).toBe("DEPLOYING");
    expect((await at("2000-01-01T00:00:00Z")).agents).toMatchObject({ totalCount: 0, edges: [] });
  });
});

describe("subscriptions", () => {
  let client: Client;
  beforeAll(() => {
    client = createClient({ url: server.url, credentials: () => server.adminKey });
  });
  afterAll(() => client.close());

  type TestEvent = { type: string; subjectId: string; to?: string; agent?: { state: string } };

  /** Takes frames until `enough` says so. */
  async function take(
    field: string,
    args: string,
    variables: object,
    enough: (frames: Frame<TestEvent>[]) => boolean,
    as: Client = client,
  ) {
    const frames: Frame<TestEvent>[] = [];
    const text = `subscription ($project: ID!, $after: String${args.includes("$ids") ? ", $ids: [ID!]" : ""}) { ${field}(project: $project, after: $after ${args}) {
      __typename ... on EventDelivery { cursor event { type subjectId ... on AgentTransitioned { to agent { state } } } }
      ... on Bookmark { cursor caughtUp } ... on ResyncRequired { cursor reason } } }`;
    for await (const data of as.subscribe(document<Record<string, Frame<TestEvent>>, object>(text), {
      project: tenant.projectId,
      ...variables,
    })) {
      frames.push(data[field] as Frame<TestEvent>);
      if (enough(frames)) break;
    }
    return frames;
  }

  it("continue without a seam from Project.cursor", async () => {
    const agent = await createAgent(server, tenant, "seam");
    const read = await server.ask<{ project: { cursor: string } }>(
      `query ($path: String!) { project(path: $path) { cursor } }`,
      {
        path: tenant.path,
      },
    );
    await move(agent.id, "START");
    const frames = await take(
      "agentTransitions",
      ", agents: $ids",
      { after: read.data?.project.cursor, ids: [agent.id] },
      (taken) => taken.some((frame) => frame.__typename === "Bookmark" && frame.caughtUp),
    );
    expect(frames.filter((frame) => frame.__typename === "EventDelivery")).toMatchObject([
      { event: { type: "agent.transitioned", subjectId: agent.id, agent: { state: "DEPLOYING" } } },
    ]);
  });

  it("deliver live what matches, and nothing else", async () => {
    const [watched, other] = [await createAgent(server, tenant, "watched"), await createAgent(server, tenant, "other")];
    let started = false;
    const frames = await take("agentTransitions", ", agents: $ids", { ids: [watched.id] }, (taken) => {
      if (!started && taken.some((frame) => frame.__typename === "Bookmark" && frame.caughtUp)) {
        started = true;
        void move(other.id, "START").then(() => move(watched.id, "START"));
      }
      return taken.some((frame) => frame.__typename === "EventDelivery");
    });
    expect(frames.at(-1)).toMatchObject({ event: { subjectId: watched.id } });
  });

  it("go by state and by labels, replayed and live", async () => {
    const [front, back] = [
      await createAgent(server, tenant, "front", { labels: { tier: "front" } }),
      await createAgent(server, tenant, "back", { labels: { tier: "back" } }),
    ];
    const { data } = await server.ask<{ project: { cursor: string } }>(
      `query ($path: String!) { project(path: $path) { cursor } }`,
      { path: tenant.path },
    );
    const toAndFro = async () => {
      for (const { id } of [back, front]) await move(id, "START");
      for (const { id } of [back, front]) await move(id, "STOP");
    };
    await toAndFro();
    const feeds = [
      ["agentTransitions", `, states: [OFFLINE], labels: { tier: "front" }`],
      ["events", `, filter: { states: ["OFFLINE", "FAILED"], labels: { tier: "front" } }`],
    ] as const;
    for (const [field, args] of feeds) {
      let live = false;
      const delivered = (frames: Frame<TestEvent>[]) => frames.filter((frame) => frame.__typename === "EventDelivery");
      const frames = await take(field, args, { after: data?.project.cursor }, (taken) => {
        if (!live && taken.some((frame) => frame.__typename === "Bookmark" && frame.caughtUp)) {
          live = true;
          expect(delivered(taken).length).toBeGreaterThan(0);
          void toAndFro();
          return false;
        }
        return live && taken.at(-1)?.__typename === "EventDelivery";
      });
      for (const frame of delivered(frames))
        expect(frame).toMatchObject({ event: { subjectId: front.id, to: "OFFLINE" } });
    }
  });

  it("refuse states that there are not, and labels that cannot be", async () => {
    const asked = (args: string) => take("events", args, {}, () => true);
    await expect(asked(`, filter: { states: ["AWAY"] }`)).rejects.toThrow(/states.*REGISTERED/);
    await expect(asked(`, filter: { labels: { tier: 1 } }`)).rejects.toThrow(/labels.*tier/);
    await expect(asked(`, filter: { labels: ["front"] }`)).rejects.toThrow(/labels.*object/);
  });

  it("give an agent nothing of another's private context, neither replayed nor live", async () => {
    const [owner, other] = [await createAgent(server, tenant, "owner"), await createAgent(server, tenant, "curious")];
    const curious = createClient({ url: server.url, credentials: () => other.key });
    onTestFinished(() => curious.close());
    const { data } = await server.ask<{ project: { cursor: string } }>(
      `query ($path: String!) { project(path: $path) { cursor } }`,
      { path: tenant.path },
    );
    const open = (name: string, agentId: string | null) =>
      server.ask(
        `mutation ($input: OpenContextInput!) { openContext(input: $input) { __typename } }`,
        { input: { projectId: tenant.projectId, agentId, name } },
        owner.key,
      );
    await open("diary", owner.id);
    // Agents that other tests have started fail to come up meanwhile: that is theirs.
    const ofContext = (frame: Frame<TestEvent>) =>
      frame.__typename === "EventDelivery" && frame.event.type.startsWith("context.");
    let opened = false;
    const frames = await take(
      "events",
      "",
      { after: data?.project.cursor },
      (taken) => {
        if (!opened && taken.some((frame) => frame.__typename === "Bookmark" && frame.caughtUp)) {
          opened = true;
          void open("second diary", owner.id).then(() => open("common", null));
        }
        return taken.some(ofContext);
      },
      curious,
    );
    const { data: common } = await server.ask<{ project: { contexts: { edges: { node: { id: string } }[] } } }>(
      `query ($path: String!) { project(path: $path) { contexts(filter: { search: "common" }) { edges { node { id } } } } }`,
      { path: tenant.path },
    );
    expect(frames.filter(ofContext)).toMatchObject([
      { event: { subjectId: common?.project.contexts.edges[0]?.node.id } },
    ]);
  });

  it("say of a cursor that is none that they cannot continue", async () => {
    const frames = await take("events", "", { after: "nonsense" }, (taken) => taken.length > 0);
    expect(frames).toMatchObject([{ __typename: "ResyncRequired", reason: "CURSOR_UNKNOWN" }]);
  });

  it("of a project that is none answer NOT_FOUND", async () => {
    const refused = take("events", "", { project: "prj_nonsense" }, () => true);
    await expect(refused).rejects.toThrow(/no such project/);
  });
});
