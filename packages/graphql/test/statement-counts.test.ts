import { formatId } from "@muster/domain/ids.ts";
import { type ExecutionResult, graphql, isObjectType, parse, TypeInfo, visit, visitWithTypeInfo } from "graphql";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { presentError } from "../src/present-error.ts";
import { schema } from "../src/schema.ts";
import { type BusyFleet, createBusyFleet, requestContextOf } from "./busy-fleet.ts";
import { counting } from "./counting-database.ts";

const MANY = 50;
const FEW = 5;

let fleet: BusyFleet;
beforeAll(async () => {
  fleet = await createBusyFleet(MANY);
}, 120_000);
afterAll(() => fleet.close());

interface Asked {
  readonly data: ExecutionResult["data"];
  readonly code: unknown;
  readonly statements: number;
}

async function ask(source: string, first: number): Promise<Asked> {
  const { database, statements } = counting(fleet.database);
  const contextValue = requestContextOf({ ...fleet, runtime: { ...fleet.runtime, database } });
  const ids = fleet.agentIds.slice(0, first).map((id) => formatId("agent", id));
  const variableValues = { path: fleet.path, first, ids, at: new Date().toISOString(), later: "9999-01-01T00:00:00Z" };
  const { data, errors } = await graphql({ schema, source, contextValue, variableValues });
  const [error] = errors ?? [];
  return { data, code: error && (presentError(error)?.extensions.code ?? error.message), statements: statements() };
}

const EVENT = `
  id type at actor { kind name } reason subjectId subjectVersion
  ... on AgentTransitioned { agent { name state } from to action }
  ... on TaskTransitioned { task { kind state } agent { name } before: from after: to attempt }
  ... on ContextVersionWritten { context { name currentVersion } number }
  ... on RollbackSettled { context { name } version outcome: state }`;
const PAGE = "pageInfo { hasNextPage hasPreviousPage startCursor endCursor } totalCount totalIsCapped";

/** Each asks for a list of `$first` rows, and for what a screen shows of each. */
const SCREENS: Readonly<Record<string, string>> = {
  "the fleet": `query ($path: String!, $first: Int!) { project(path: $path) {
    rows: agents(first: $first) { ${PAGE} edges { cursor node {
      id name state stateSince version availableActions capabilities labels maxConcurrency activeTasks available idleReason { reason message }
      project { path } lastHeartbeatAt
      definition { slug name version agents(first: 3) { totalCount edges { node { name } } } }
      tasks(first: 3) { totalCount edges { node { id kind state attempt createdAt } } }
      timeline(last: 8) { edges { node { ${EVENT} } } }
      bundle bundles(first: 2) { ${PAGE} edges { node { number changes author { kind name } createdAt } } }
      contexts(first: 1) { ${PAGE} edges { node { name currentVersion rollbackState rollbackDeadline } } }
      readContexts(first: 2) { ${PAGE} edges { node { version at context { name } confirmation { state error } } } }
      health { heartbeatTimeoutMs missedOffers missedOffersLimit channel incarnation }
      stateSpans(since: "2020-01-01T00:00:00Z", most: 10) { from to complete folded spans { state from to transitions } }
    } } } } }`,
  "what became of agents": `query ($path: String!, $first: Int!, $at: DateTime!) { project(path: $path) {
    rows: fleetChanges(from: "2020-01-01T00:00:00Z", to: $at, first: $first) { ${PAGE} from to complete edges { node {
      agent { name definition { slug } } stateAfter transitions
    } } } } }`,
  "bundles of agents": `query ($path: String!, $first: Int!) { project(path: $path) {
    rows: agents(first: $first) { ${PAGE} edges { node {
      bundles(first: 2) { edges { node { number version { number context { name } } } } }
      bundleAt(number: 3) { number definitionVersion config maxConcurrency contexts { context { name } version { number } } }
      bundleDiff(from: 2, to: 3) { from to contexts { context { name } from { number } to { number } comparison { equal } } }
      rollbackPreview(toBundle: 3) { changed restarts runningTasks { id state } difference { contexts { context { name } } } }
    } } } } }`,
  tasks: `query ($path: String!, $first: Int!) { project(path: $path) {
    rows: tasks(first: $first, filter: { states: [RUNNING], kinds: ["again"] }) { ${PAGE} edges { node {
      id kind state attempt progress input output error { message } runAt createdAt
      project { path } agent { name state lastHeartbeatAt } targetAgent { name } replayOf { id state agent { name } replays(first: 2) { ${PAGE} edges { node { state } } } }
      timeline(first: 5) { ${PAGE} edges { node { ${EVENT} } } }
      chunks(last: 5) { totalCount edges { node { number chunk } } }
    } } } } }`,
  contexts: `query ($path: String!, $first: Int!, $later: DateTime!) { project(path: $path) {
    rows: contexts(first: $first) { ${PAGE} edges { node {
      id name currentVersion rollbackState agent { name state } project { path }
      data part: data(pointer: "/value") version(number: 1) { number hash author { name } }
      versions(first: 2) { ${PAGE} edges { node { number message hash sizeBytes author { kind name } context { name } } } }
      held: versions(first: 2, heldOnly: true) { edges { node { number } } }
      rollbacks: versions(first: 2, filter: { rollbacksOnly: true, search: "wrong", createdBefore: $later }) { edges { node { number } } }
      versionAt(time: $later) { number author { name } }
      diff(from: 1, to: 2) { op path value } confirmations { agent { name } state version }
      timeline(last: 3) { edges { node { ${EVENT} } } }
    } } } } }`,
  "versions compared": `query ($path: String!, $first: Int!) { project(path: $path) {
    rows: contexts(first: $first) { ${PAGE} edges { node {
      compare(from: 1, to: 2) { from { number } to { number } equal operations { path } tree(compact: true) { path depth kind changes } }
      changesOf(pointer: "/value", first: 2) { nodes { version { number author { name } } kind after } examined endCursor }
    } } } } }`,
  "pins and forks": `query ($path: String!, $first: Int!) { project(path: $path) {
    rows: contexts(first: $first, filter: { search: "tried" }) { ${PAGE} edges { node {
      name prunedThrough storedBytes forkedFrom { number context { name
        pins { name number version { number pins { name } } author { name } } forks(first: 2) { ${PAGE} edges { node { name } } }
      } }
    } } } } }`,
  "transitions of agents": `query ($path: String!, $first: Int!) { project(path: $path) {
    rows: events(last: $first, filter: { types: ["agent.transitioned"] }) { ${PAGE} edges { node { ${EVENT}
      ... on AgentTransitioned { agent { definition { slug } tasks(first: 2) { edges { node { kind } } } } }
    } } } } }`,
  "transitions of tasks": `query ($path: String!, $first: Int!) { project(path: $path) {
    rows: events(last: $first, filter: { types: ["task.transitioned"] }) { ${PAGE} edges { node { ${EVENT}
      ... on TaskTransitioned { task { timeline(first: 2) { edges { node { type } } } } agent { definition { slug } } }
    } } } } }`,
  "versions written": `query ($path: String!, $first: Int!) { project(path: $path) {
    rows: events(last: $first, filter: { types: ["context.version_written"] }) { ${PAGE} edges { node { ${EVENT}
      ... on ContextVersionWritten { context { agent { name } versions(first: 1) { edges { node { hash } } } } }
    } } } } }`,
  projects: `query ($first: Int!, $at: DateTime!) { workspace(slug: "fleet") {
    rows: projects(first: $first) { ${PAGE} edges { node {
      path workspace { name } queue(name: "default") { name depth { ready { count } } } agentCounts { state count } running: taskCounts(filter: { kinds: ["work"] }) { state count }
      agents(first: 2) { ${PAGE} edges { node { name definition { slug } } } }
      tasks(first: 2, orderBy: { field: PRIORITY, direction: DESC }) { ${PAGE} edges { node { kind agent { name } } } }
      contexts(first: 2) { ${PAGE} edges { node { name } } }
      definitions(first: 2) { ${PAGE} edges { node { slug agents(first: 1) { edges { node { name } } }
        agentsByVersion { version agents } edition(number: 1) { number type }
        versions(first: 2) { ${PAGE} edges { node { number type capabilities createdAt agentCount } } } } } }
      definition(slug: "worker-1") { slug } workspace { usage { projects { count } agents { count isCapped } runningTasks { count } } }
      events(last: 2) { ${PAGE} edges { node { ${EVENT} } } }
      fleetAt(at: $at) { at complete counts(filter: { search: "e" }) { state count } agents(first: 2, filter: { states: [IDLE, ONLINE, BUSY] }) { ${PAGE} edges { node { state since agent { name } } } } }
    } } } } }`,
  webhooks: `query ($path: String!, $first: Int!) { project(path: $path) {
    rows: webhooks(first: $first) { ${PAGE} edges { node {
      id name url state stateSince version cursor filter { types agents } pendingDeliveries project { path }
      lastDelivery { id type lastStatus responseExcerpt event { id type } webhook { name } }
      deliveries(first: 2, filter: { states: [PENDING, SUCCEEDED] }) { ${PAGE} edges { node {
        id type subjectId state attempts body createdAt webhook { name } event { ${EVENT} }
      } } }
    } } } } }`,
  queues: `query ($path: String!, $first: Int!) { project(path: $path) {
    rows: queues(first: $first, search: "queue-", paused: true) { ${PAGE} edges { node {
      id name paused pausedAt pauseReason pausedBy { kind name } maxRunning version createdAt project { path }
      depth { ready { count isCapped } parked { reason count isCapped } running { count isCapped } oldestReadyAt }
    } } } } }`,
  "rate limits": `query ($path: String!, $first: Int!) { project(path: $path) {
    rows: rateLimits(first: $first, search: "limit-") { ${PAGE} edges { node {
      id key max periodMs available waiting { count } version createdAt project { path }
    } } } } }`,
  "blocked tasks": `query ($path: String!, $first: Int!) { project(path: $path) {
    rows: tasks(first: $first, filter: { kinds: ["blocked"] }) { ${PAGE} edges { node {
      id position positionIsCapped blockedBy {
        reason message until task { id } agent { name } queue { name paused } limit running key capability labels
      }
    } } } } }`,
  "bulk jobs": `query ($path: String!, $first: Int!) { project(path: $path) {
    rows: bulkJobs(first: $first, filter: { states: [SUCCEEDED, FAILED] }) { ${PAGE} edges { node {
      id kind state stateSince total succeeded pending filter creator { name } createdAt finishedAt project { path }
      targets(first: 2, filter: { outcomes: [SUCCEEDED, SKIPPED] }) { ${PAGE} edges { node { number outcome at task { kind state } newTask { id kind } } } }
    } } } } }`,
  workflows: `query ($path: String!, $first: Int!) { project(path: $path) {
    rows: workflows(first: $first, filter: { states: [RUNNING], search: "work" }) { ${PAGE} edges { node {
      id name state stateSince onFailure version taskCount taskCounts { state count } creator { kind name } createdAt project { path }
      tasks(first: 1) { ${PAGE} edges { node { id workflowStep workflow { name }
        dependents(first: 2) { ${PAGE} edges { node { workflowStep dependencyCondition dependencies { id } } } }
      } } }
    } } } } }`,
  schedules: `query ($path: String!, $first: Int!) { project(path: $path) {
    rows: schedules(first: $first, filter: { search: "every-day" }) { ${PAGE} edges { node {
      id name cron timeZone catchUp task paused nextRunAt nextRuns(count: 1) version createdAt project { path }
      tasks(first: 2) { ${PAGE} edges { node { kind state schedule { name } } } }
    } } } } }`,
  people: `query ($first: Int!) {
    rows: users(first: $first, filter: { search: "person-", disabled: false }) { ${PAGE} edges { node {
      id name email version hasPassword totpEnabled createdAt lastSignedInAt identities { issuer subject email createdAt }
      memberships(first: 1) { ${PAGE} edges { node { id role version createdAt workspace { slug } user { name } } } }
      sessions(first: 1) { ${PAGE} edges { node { id current createdAt expiresAt user { name } } } }
    } } } }`,
  "who has which role": `query ($first: Int!) { workspace(slug: "fleet") {
    rows: members(first: $first, filter: { role: VIEWER, search: "person-" }) { ${PAGE} edges { node {
      id role workspace { slug } user { name email memberships(first: 1) { edges { node { role } } } }
    } } } } }`,
  "roles in the installation": `query ($first: Int!) {
    rows: installationMembers(first: $first) { ${PAGE} edges { node { id role user { name email } } } } }`,
  "keys of a workspace": `query ($first: Int!) { workspace(slug: "fleet") {
    rows: apiKeys(first: $first, filter: { kind: AGENT }) { ${PAGE} edges { node {
      id name kind prefix createdAt agent { name state } project { path } workspace { slug } replacedBy { name } createdBy { name }
    } } } } }`,
  "the audit log of a workspace": `query ($first: Int!) { workspace(slug: "fleet") {
    rows: auditLog(first: $first, filter: { types: ["agent.registered"] }) { ${PAGE} edges { node {
      event { ${EVENT} } actor { kind name } credential { kind name } address before after sealed
    } } } auditCheckpoints(first: 1) { ${PAGE} edges { node { position hash } } } } }`,
  "the audit log of the installation": `query ($first: Int!) {
    rows: auditLog(first: $first, filter: { types: ["user.created"] }) { ${PAGE} edges { node {
      event { ${EVENT} } actor { kind name } credential { name } sealed
    } } } auditCheckpoints(first: 1) { edges { node { position } } } installationApiKeys(first: 1) { edges { node { name } } } }`,
  "nodes by their ids": `query ($ids: [ID!]!) { rows: nodes(ids: $ids) { id ... on Agent {
    name project { path } lastHeartbeatAt tasks(first: 2) { edges { node { kind } } } timeline(last: 2) { edges { node { type } } }
  } } }`,
};

/** Where the answer has an empty list or null, although every row of the fixture has something there. */
function emptyPlaces(value: unknown, path = ""): string[] {
  if (Array.isArray(value))
    return value.length === 0 ? [path] : value.flatMap((item) => emptyPlaces(item, `${path}[]`));
  if (typeof value !== "object" || value === null) return value === null ? [path] : [];
  return Object.entries(value).flatMap(([name, part]) => emptyPlaces(part, `${path}.${name}`));
}

/** What a row may do without. */
const OFTEN_EMPTY =
  /\.(output|error|reason|message|before|after|address|credential|replacedBy|createdBy|(auditCheckpoints|installationApiKeys)\.\w+(\.\w+)?|replayOf\.agent|idleReason|blockedBy\[\]\.\w+)$/;

describe("no query per row", () => {
  it.each(Object.entries(SCREENS))("%s", async (_name, source) => {
    const few = await ask(source, FEW);
    const many = await ask(source, MANY);
    expect([few.code, many.code]).toEqual([undefined, undefined]);
    expect([...new Set(emptyPlaces(many.data))].filter((path) => !OFTEN_EMPTY.test(path))).toEqual([]);
    expect([rowsOf(few.data), rowsOf(many.data)]).toEqual([FEW, MANY]);
    expect(many.statements).toBe(few.statements);
  });
});

it("covers every connection there is", () => {
  const covered = new Set<string>();
  for (const source of Object.values(SCREENS)) {
    const types = new TypeInfo(schema);
    const enter = () => {
      covered.add(`${types.getParentType()?.name}.${types.getFieldDef()?.name}`);
    };
    visit(parse(source), visitWithTypeInfo(types, { Field: { enter } }));
  }
  expect(connections().filter(({ name }) => !covered.has(name))).toEqual([]);
});

/** All fields that have pages. */
function connections() {
  return Object.values(schema.getTypeMap())
    .filter((type) => isObjectType(type))
    .flatMap((type) =>
      Object.values(type.getFields())
        .filter((field) => field.args.some((argument) => argument.name === "first"))
        .map((field) => ({ name: `${type.name}.${field.name}`, field })),
    );
}

function rowsOf(data: unknown): number | null {
  if (typeof data !== "object" || data === null) return null;
  const { rows, ...rest } = data as { rows?: unknown[] | { edges: unknown[] } };
  if (rows) return Array.isArray(rows) ? rows.length : rows.edges.length;
  return rowsOf(Object.values(rest)[0]);
}

describe("queries that ask for too much at once", () => {
  it.each([
    [
      "lists of 200 within lists of 200",
      "agents(first: 200) { edges { node { tasks(first: 200) { edges { node { timeline(first: 200) { edges { node { id } } } } } } } } }",
    ],
    [
      "the same from the end",
      "agents(last: 200) { edges { node { tasks(last: 200) { edges { node { timeline(last: 200) { edges { node { id } } } } } } } } }",
    ],
    [
      "the same by variables",
      "agents(first: $first) { edges { node { tasks(first: $first) { edges { node { timeline(first: $first) { edges { node { id } } } } } } } } }",
    ],
    [
      "pages of the usual size, three deep",
      "agents { edges { node { tasks { edges { node { timeline { edges { node { id type } } } } } } } } }",
    ],
    ["the data of thousands of versions", "contexts { edges { node { versions { edges { node { data } } } } } }"],
  ])("%s are refused before anything is read", async (_name, selection) => {
    const source = `query ($path: String!${selection.includes("$first") ? ", $first: Int" : ""}) { project(path: $path) { ...Selected } }
      fragment Selected on Project { ${selection} }`;
    expect(await ask(source, 200)).toEqual({ data: expect.anything(), code: "LIMIT_EXCEEDED", statements: 0 });
  });

  it("count the rows of every connection", () => {
    const uncounted = connections().filter(({ field }) => {
      const complexity = field.extensions.complexity as (...given: unknown[]) => { multiplier: number };
      return [{ first: 120 }, { last: 120 }].some((page) => complexity(page, {}, field).multiplier !== 120);
    });
    expect(uncounted.map(({ name }) => name)).toEqual([]);
  });

  it("say that a page size is wrong, rather than that it is too much", async () => {
    const source = `query ($path: String!) { project(path: $path) { agents(first: 1000000) { edges { node { id } } } } }`;
    expect((await ask(source, 1)).code).toBe("INVALID_INPUT");
  });
});
