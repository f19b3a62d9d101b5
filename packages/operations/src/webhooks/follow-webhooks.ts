import { setTimeout as delay } from "node:timers/promises";
import type { Caller } from "@muster/domain/actor.ts";
import { NotFound } from "@muster/domain/errors.ts";
import { authorize } from "../authorize.ts";
import { getProjects } from "../projects/project-queries.ts";
import type { Runtime } from "../runtime.ts";
import { stoppable } from "../stoppable.ts";
import { getWebhooks } from "./webhook-queries.ts";
import { type Marks, webhookWatchOf } from "./webhook-watch.ts";
import type { Webhook } from "./webhook.ts";

/** After a look that failed. */
const AGAIN_MS = 500;

export interface FollowWebhooksInput {
  readonly projectId: string;
  /** Only these; null: all of the project. */
  readonly webhookIds: readonly string[] | null;
}

/**
 * The webhooks of a project: first all as they are, then those of which something has moved, also a delivery: at most twice a second,
 * together. An outage of the database is waited out. Throws `NotFound` without the project, `Forbidden` without webhook.read.
 */
export async function followWebhooks(
  runtime: Runtime,
  caller: Caller,
  { projectId, webhookIds }: FollowWebhooksInput,
): Promise<AsyncIterableIterator<readonly Webhook[]>> {
  caller = authorize(caller, "webhook.read");
  const [project] = await getProjects(runtime, caller, [projectId]);
  if (!project) throw new NotFound("project");
  return stoppable(async function* (signal) {
    for await (const ids of movedWebhooks(runtime, projectId, webhookIds && new Set(webhookIds), signal)) {
      const found = await untilRead(() => getWebhooks(runtime, caller, ids), signal);
      if (found && found.length > 0) yield found;
    }
  });
}

async function untilRead<Value>(read: () => Promise<Value>, signal: AbortSignal): Promise<Value | null> {
  while (!signal.aborted) {
    const found = await read().catch(() => null);
    if (found) return found;
    await delay(AGAIN_MS, null, { signal }).catch(() => {});
  }
  return null;
}

/** The ids of those that have moved since they were last told. Whoever takes them slowly gets the latest, and nothing twice. */
async function* movedWebhooks(
  runtime: Runtime,
  projectId: string,
  wanted: ReadonlySet<string> | null,
  signal: AbortSignal,
): AsyncGenerator<string[], void, void> {
  let seen: Marks = new Map();
  let told: Marks = new Map();
  let wake = () => {};
  const unwatch = webhookWatchOf(runtime).watch(projectId, (marks) => {
    seen = marks;
    wake();
  });
  const onAbort = () => wake();
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    while (!signal.aborted) {
      const moved = [...seen.keys()].filter((id) => (wanted?.has(id) ?? true) && seen.get(id) !== told.get(id));
      told = seen;
      if (moved.length > 0) yield moved;
      else await new Promise<void>((resolve) => (wake = resolve));
    }
  } finally {
    signal.removeEventListener("abort", onAbort);
    unwatch();
  }
}
