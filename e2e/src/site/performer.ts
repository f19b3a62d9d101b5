import { defineAgent } from "@muster/agent/define-agent.ts";
import type { Api, ProjectRow } from "./api.ts";

/** What a performer can do, and the kind of its tasks. */
const CAPABILITY = "perform";

/** An agent that does what a test tells it, when it is told. It runs inside the test, through the SDK. */
export interface Performer {
  readonly id: string;
  readonly name: string;
  /** Gives it a task, which runs until `finish`. Resolves when it is running. */
  work(): Promise<void>;
  /** Ends the running task. */
  finish(): void;
  /** Reads the project's shared context, which must have a version: from now on it is asked to confirm rollbacks. */
  use(context: string): Promise<void>;
  /** Confirms the rollback that it was asked about, or the next one. */
  confirm(): void;
  /** Says why it cannot load the rollback that it was asked about, or the next one. */
  refuse(why: string): void;
  stop(): Promise<void>;
}

/** Registers an agent in the project. It does nothing yet, and no process runs for it. */
export async function registerAgent(api: Api, project: ProjectRow, name: string): Promise<{ id: string; key: string }> {
  await api.change("registerDefinition", {
    slug: "performer",
    name: "Performer",
    type: "performer",
    capabilities: [CAPABILITY],
  });
  const { result } = await api.query<{ result: { key: string; data: { id: string } } }>(
    `mutation ($input: RegisterAgentInput!) { result: registerAgent(input: $input) {
       ... on RegisterAgentSuccess { key data { id } } } }`,
    { input: { projectId: project.id, definitionSlug: "performer", name } },
  );
  return { id: result.data.id, key: result.key };
}

export async function startPerformer(
  api: Api,
  project: ProjectRow,
  name: string,
  /** `supervised`: a process that ends is followed by another one, until the performer is stopped. */
  { supervised = false }: { readonly supervised?: boolean } = {},
): Promise<Performer> {
  const { id, key } = await registerAgent(api, project, name);
  const stopping = new AbortController();
  const answer = signalBox<{ readonly refusal: string | null }>();
  const taskEnd = signalBox<void>();
  const opened = Promise.withResolvers<(context: string) => Promise<void>>();
  const agent = defineAgent({
    name,
    capabilities: [CAPABILITY],
    tasks: { [CAPABILITY]: async (_task, { signal }) => taskEnd.next(signal) },
    onInitialize: ({ contexts }) =>
      opened.resolve(async (context) => {
        await (await contexts.open(context, { shared: true })).read();
      }),
    onContextChanged: async ({ rolledBack }, { signal }) => {
      if (!rolledBack) return;
      const { refusal } = await answer.next(signal);
      if (refusal !== null) throw new Error(refusal);
    },
  });
  const options = { url: api.url, agentId: id, key, heartbeatMs: 1_000, drainMs: 0, logLevel: "error" } as const;
  const live = async () => {
    do await agent.run({ ...options, signal: stopping.signal });
    while (supervised && !stopping.signal.aborted);
  };
  const ended = live();
  ended.catch((error: unknown) => opened.reject(error));

  const isIn = async (states: readonly string[]) => {
    const { node } = await api.query<{ node: { state: string } }>(
      `query ($id: ID!) { node(id: $id) { ... on Agent { state } } }`,
      { id },
    );
    return states.includes(node.state);
  };
  await until(() => isIn(["ONLINE", "IDLE"]), `${name} is up`);
  return {
    id,
    name,
    async work() {
      await api.change("createTask", { projectId: project.id, agentId: id, kind: CAPABILITY, input: {} });
      await until(() => isIn(["BUSY"]), `${name} is busy`);
    },
    finish: () => taskEnd.give(),
    use: async (context) => (await opened.promise)(context),
    confirm: () => answer.give({ refusal: null }),
    refuse: (why) => answer.give({ refusal: why }),
    async stop() {
      stopping.abort();
      await ended.catch(() => {});
    },
  };
}

/** What is given once is taken once, in whichever order. */
function signalBox<Value>() {
  const given: Value[] = [];
  const takers: ((value: Value) => void)[] = [];
  return {
    give(value: Value) {
      const take = takers.shift();
      if (take) take(value);
      else given.push(value);
    },
    next(signal: AbortSignal): Promise<Value> {
      if (given.length > 0) return Promise.resolve(given.shift() as Value);
      const { promise, resolve, reject } = Promise.withResolvers<Value>();
      takers.push(resolve);
      signal.addEventListener(
        "abort",
        () => {
          const at = takers.indexOf(resolve);
          if (at >= 0) takers.splice(at, 1);
          reject(signal.reason as Error);
        },
        { once: true },
      );
      return promise;
    },
  };
}

async function until(condition: () => Promise<boolean>, what: string): Promise<void> {
  const deadline = performance.now() + 20_000;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`Waited for 20 s in vain until ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
