import type { Client } from "./client.ts";
import { document } from "./document.ts";
import { delay, retry } from "./retry.ts";
import { unwrap } from "./unwrap.ts";

/** A new task: the fields of `CreateTaskInput` in the schema. */
export interface NewTask {
  readonly projectId: string;
  readonly kind: string;
  readonly input: unknown;
  readonly idempotencyKey?: string;
  readonly [field: string]: unknown;
}

/** A task as it is when it has been waited for. */
export interface AwaitedTask {
  readonly id: string;
  /** SUCCEEDED, FAILED, CANCELLED or EXPIRED when it has ended. */
  readonly state: string;
  /** Whether it has ended, and not the time that one was ready to wait. */
  readonly ended: boolean;
  readonly output: unknown;
  readonly error: { readonly kind: string; readonly message: string; readonly retryable: boolean } | null;
}

export interface WaitOptions {
  /** How long to wait in all; without a limit by default. */
  readonly waitMs?: number;
  readonly signal?: AbortSignal;
}

/** A piece of partial output. */
export interface TaskChunk {
  /** Rises with each chunk of the task: go on after it. */
  readonly number: number;
  readonly attempt: number;
  readonly chunk: unknown;
  readonly at: Date;
}

/** One call waits so long at most. */
const CALL_MS = 30_000;
/** An answer may be on its way for so long. */
const ANSWER_MS = 10_000;
/** An answer that came early, without the end, is not asked for again at once. */
const REST_MS = 250;

const AWAITED = `ended data { id state output error { kind message retryable } }`;
interface Awaited {
  readonly ended: boolean;
  readonly data: Omit<AwaitedTask, "ended">;
}

const RUN_TASK = document<{ runTask: { __typename: string } & Awaited }, { input: object }>(
  `mutation ($input: RunTaskInput!) { runTask(input: $input) { __typename ... on RunTaskSuccess { ${AWAITED} }
    ... on Error { code message ... on InvalidInput { issues { path message } } } } }`,
);
const WAIT_FOR_TASK = document<{ waitForTask: Awaited }, { id: string; waitMs: number }>(
  `query ($id: ID!, $waitMs: Int) { waitForTask(id: $id, waitMs: $waitMs) { ${AWAITED} } }`,
);
const TASK_CHUNKS = document<
  { taskChunks: Omit<TaskChunk, "at"> & { readonly at: string } },
  { task: string; after: number }
>(`subscription ($task: ID!, $after: Int) { taskChunks(task: $task, after: $after) { number attempt chunk at } }`);

/** What is sent from here, for servers that run known operations only. */
export const TASK_DOCUMENTS = [RUN_TASK, WAIT_FOR_TASK, TASK_CHUNKS].map(String);

/**
 * Creates a task and waits for its end, across lost connections: it has an idempotency key, so that it is created once. Its
 * failure is no error of this call: see `state`. @throws what the server refuses, and the signal's reason.
 */
export async function runTask(client: Client, task: NewTask, options: WaitOptions = {}): Promise<AwaitedTask> {
  const until = performance.now() + (options.waitMs ?? Number.POSITIVE_INFINITY);
  const once = { idempotencyKey: crypto.randomUUID(), ...task };
  const { ended, data } = await waitOnce(until, options.signal, async (waitMs, request) => {
    const { runTask: result } = await client.execute(RUN_TASK, { input: { task: once, waitMs } }, request);
    unwrap(result);
    return result;
  });
  if (ended) return { ...data, ended };
  return waitForTask(client, data.id, { ...options, waitMs: Math.max(0, until - performance.now()) });
}

/** Waits for the end of a task that exists. @throws what the server refuses, and the signal's reason. */
export async function waitForTask(
  client: Client,
  id: string,
  { waitMs = Number.POSITIVE_INFINITY, signal }: WaitOptions = {},
): Promise<AwaitedTask> {
  const until = performance.now() + waitMs;
  for (;;) {
    const { ended, data } = await waitOnce(
      until,
      signal,
      async (callMs, request) => (await client.execute(WAIT_FOR_TASK, { id, waitMs: callMs }, request)).waitForTask,
    );
    if (ended || performance.now() >= until) return { ...data, ended };
  }
}

/**
 * The partial output of a task, each chunk once and in order, from the first one or after a number, and then as it comes, across
 * lost connections. The loop ends with the task.
 */
export async function* followChunks(
  client: Client,
  task: string,
  { after = 0, signal }: { readonly after?: number; readonly signal?: AbortSignal } = {},
): AsyncGenerator<TaskChunk, void, void> {
  const results = client.subscribe(
    TASK_CHUNKS,
    { task, after },
    { ...(signal ? { signal } : {}), resume: ({ taskChunks }) => ({ task, after: taskChunks.number }) },
  );
  for await (const { taskChunks } of results) yield { ...taskChunks, at: new Date(taskChunks.at) };
}

type Call = (
  waitMs: number,
  request: { readonly timeoutMs: number; readonly signal?: AbortSignal },
) => Promise<Awaited>;

async function waitOnce(until: number, signal: AbortSignal | undefined, call: Call): Promise<Awaited> {
  const aborting = signal ? { signal } : {};
  return retry(async () => {
    const begun = performance.now();
    const callMs = Math.round(Math.max(0, Math.min(CALL_MS, until - begun)));
    const awaited = await call(callMs, { timeoutMs: callMs + ANSWER_MS, ...aborting });
    // A server that stops lets go of all who wait.
    if (!awaited.ended && performance.now() - begun < callMs / 2) await delay(REST_MS, signal);
    return awaited;
  }, aborting);
}
