import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type FreeAgent, limitKey, matchTasks, type ReadyTask, type Room } from "./match-tasks.ts";

const NO_LIMITS: Room = {
  queues: new Map(),
  workspaces: new Map(),
  rateLimits: new Map(),
  slots: new Map(),
  held: new Map(),
};

function agent(id: string, more: Partial<FreeAgent> = {}): FreeAgent {
  return { id, projectId: "p", capabilities: ["build"], labels: {}, active: 0, capacity: 1, wants: 1, ...more };
}

function task(id: string, more: Partial<ReadyTask> = {}): ReadyTask {
  return {
    id,
    laneId: 1,
    workspaceId: "w",
    projectId: "p",
    queue: "default",
    capability: "build",
    targetAgentId: null,
    requiredLabels: {},
    priority: 0,
    readySince: 0,
    concurrencyKey: null,
    concurrencyLimit: 1,
    rateLimitKey: null,
    ...more,
  };
}

/** The pairs as `task agent`, in the order in which they were chosen. */
function pairs(agents: readonly FreeAgent[], tasks: readonly ReadyTask[], room: Partial<Room> = {}, most = 100) {
  return matchTasks(agents, tasks, { ...NO_LIMITS, ...room }, most).matches.map(
    (one) => `${one.task.id} ${one.agent.id}`,
  );
}

describe("who gets what", () => {
  it("is by priority, then by age, then by id", () => {
    const tasks = [
      task("b"),
      task("a"),
      task("old", { readySince: -1 }),
      task("urgent", { priority: 5, readySince: 9 }),
      task("low", { priority: -1, readySince: -9 }),
    ];
    const given = pairs([agent("x", { capacity: 5, wants: 5 })], tasks);
    expect(given).toEqual(["urgent x", "old x", "a x", "b x", "low x"]);
  });

  it("goes to the least loaded, in proportion to what an agent can hold", () => {
    const agents = [
      agent("busy", { active: 5, capacity: 10, wants: 5 }),
      agent("large", { active: 2, capacity: 10, wants: 8 }),
      agent("small", { active: 0, capacity: 2, wants: 2 }),
    ];
    const tasks = ["1", "2", "3", "4", "5"].map((id) => task(id));
    expect(pairs(agents, tasks)).toEqual(["1 small", "2 large", "3 large", "4 large", expect.stringMatching(/^5 /)]);
  });

  it("needs the capability and the labels, or is for one agent whatever it is capable of", () => {
    const agents = [
      agent("plain"),
      agent("gpu", { labels: { gpu: "a100", zone: "1" } }),
      agent("other", { capabilities: [] }),
    ];
    const tasks = [
      task("labelled", { laneId: 2, requiredLabels: { gpu: "a100" } }),
      task("nobody", { laneId: 3, requiredLabels: { gpu: "h100" } }),
      task("targeted", { laneId: 4, capability: null, targetAgentId: "other" }),
      task("test", { laneId: 5, capability: "test" }),
    ];
    expect(pairs(agents, tasks).sort()).toEqual(["labelled gpu", "targeted other"]);
  });

  it("takes turns between projects, and does not let one with many hold up one with few", () => {
    const agents = ["p", "q"].flatMap((projectId) => [
      agent(`of ${projectId}`, { projectId, capacity: 100, wants: 100 }),
    ]);
    const many = Array.from({ length: 50 }, (_, number) => task(`p${number}`));
    const few = ["q0", "q1"].map((id) => task(id, { projectId: "q", laneId: 2, readySince: 9 }));
    const given = pairs(agents, [...many, ...few], {}, 6).map((pair) => pair[0]);
    expect(given.filter((project) => project === "q")).toHaveLength(2);
  });

  it("in a workspace with a limit begins with the project that holds least", () => {
    const agents = ["p", "q"].map((projectId) => agent(`of ${projectId}`, { projectId, capacity: 9, wants: 9 }));
    const tasks = ["p", "q"].flatMap((projectId, lane) =>
      Array.from({ length: 5 }, (_, number) => task(`${projectId}${number}`, { projectId, laneId: lane })),
    );
    const room = { workspaces: new Map([["w", 3]]), held: new Map([["p", 3]]) };
    expect(pairs(agents, tasks, room)).toEqual(["q0 of q", "q1 of q", "q2 of q"]);
  });
});

describe("limits", () => {
  const taker = agent("x", { capacity: 100, wants: 100 });

  it("of a key: the lowest free slot, and those without one stand aside", () => {
    const keyed = (id: string, concurrencyLimit: number) => task(id, { concurrencyKey: "k", concurrencyLimit });
    const room: Room = { ...NO_LIMITS, slots: new Map([[limitKey("p", "k"), [2]]]) };
    const found = matchTasks([taker], [keyed("a", 3), keyed("b", 3), keyed("c", 3), keyed("d", 4)], room, 10);
    expect(found.matches.map(({ task: { id }, slot }) => [id, slot])).toEqual([
      ["a", 1],
      ["b", 3],
      ["d", 4],
    ]);
    expect(found.keyIsBusy.map(({ id }) => id)).toEqual(["c"]);
  });

  it("of a rate: so many as there are tokens, and the others stand aside", () => {
    const tasks = ["a", "b", "c"].map((id) => task(id, { rateLimitKey: "r" }));
    const found = matchTasks([taker], tasks, { ...NO_LIMITS, rateLimits: new Map([[limitKey("p", "r"), 1.9]]) }, 10);
    expect(found.matches.map((one) => one.task.id)).toEqual(["a"]);
    expect(found.rateIsUsedUp.map(({ id }) => id)).toEqual(["b", "c"]);
  });

  it("of a queue and of a workspace leave tasks where they are", () => {
    const tasks = ["a", "b", "c"].map((id) => task(id));
    const queues = new Map([[limitKey("p", "default"), 2]]);
    expect(pairs([taker], tasks, { queues })).toEqual(["a x", "b x"]);
    expect(pairs([taker], tasks, { workspaces: new Map([["w", 1]]) })).toEqual(["a x"]);
  });
});

describe("whatever there is", () => {
  const agents = fc.uniqueArray(
    fc.record({
      id: fc.string({ minLength: 1, maxLength: 3 }),
      projectId: fc.constantFrom("p", "q"),
      capabilities: fc.subarray(["build", "test"]),
      labels: fc.constantFrom({}, { zone: "1" }),
      active: fc.nat(3),
      capacity: fc.integer({ min: 1, max: 5 }),
      wants: fc.nat(5),
    }),
    { selector: ({ id }) => id, maxLength: 8 },
  );
  const lanes = (["p", "q"] as const).flatMap((projectId) =>
    (["build", "test"] as const).flatMap((capability) =>
      [{}, { zone: "1" }].map((requiredLabels) => ({ projectId, capability, requiredLabels })),
    ),
  );
  const tasks = fc
    .array(
      fc.record({
        laneId: fc.nat(lanes.length - 1),
        priority: fc.integer({ min: -1, max: 1 }),
        readySince: fc.nat(3),
        concurrencyKey: fc.option(fc.constantFrom("k", "l")),
        concurrencyLimit: fc.integer({ min: 1, max: 3 }),
      }),
      { maxLength: 30 },
    )
    .map((all) => all.map((one, number) => task(`t${number}`, { ...one, ...lanes[one.laneId] })));
  const queueRoom = fc.option(fc.nat(4));

  it("no limit is exceeded, nobody is given what it cannot take, and nothing is held back that could go", () => {
    fc.assert(
      fc.property(agents, tasks, queueRoom, fc.nat(20), (free, ready, inQueue, most) => {
        const room: Room = {
          ...NO_LIMITS,
          queues: new Map(inQueue === null ? [] : [[limitKey("p", "default"), inQueue]]),
        };
        const { matches, keyIsBusy } = matchTasks(free, ready, room, most);
        expect(matches.length).toBeLessThanOrEqual(most);
        expect(new Set(matches.map((one) => one.task.id)).size).toBe(matches.length);
        for (const [taker, own] of Map.groupBy(matches, (one) => one.agent)) {
          expect(own.length).toBeLessThanOrEqual(Math.max(0, Math.min(taker.wants, taker.capacity - taker.active)));
        }
        for (const { task: given, agent: taker } of matches) {
          expect(taker.projectId).toBe(given.projectId);
          expect(taker.capabilities).toContain(given.capability);
          expect(taker.labels).toMatchObject(given.requiredLabels);
        }
        const inP = matches.filter((one) => one.task.projectId === "p").length;
        if (inQueue !== null) expect(inP).toBeLessThanOrEqual(inQueue);
        const keyed = matches.filter((one) => one.task.concurrencyKey !== null);
        const slots = keyed.map((one) => `${limitKey(one.task.projectId, one.task.concurrencyKey ?? "")} ${one.slot}`);
        expect(new Set(slots).size).toBe(slots.length);
        for (const one of keyed) expect(one.slot).toBeLessThanOrEqual(one.task.concurrencyLimit);
        if (matches.length === most) return;
        const [given, aside] = [new Set(matches.map((one) => one.task.id)), new Set(keyIsBusy.map(({ id }) => id))];
        const used = Map.groupBy(matches, (one) => one.agent);
        for (const left of ready.filter(({ id }) => !given.has(id) && !aside.has(id))) {
          if (left.projectId === "p" && inQueue !== null && inP >= inQueue) continue;
          const could = free.filter(
            (one) =>
              one.projectId === left.projectId &&
              one.capabilities.includes(left.capability ?? "") &&
              Object.entries(left.requiredLabels).every(([name, value]) => one.labels[name as "zone"] === value) &&
              (used.get(one)?.length ?? 0) < Math.min(one.wants, one.capacity - one.active),
          );
          expect(could).toEqual([]);
        }
      }),
    );
  });
});
