import { type Database, openDatabase } from "@muster/database/database.ts";
import { openFeed } from "@muster/events/feed.ts";
import { FollowUps } from "../src/follow-ups/follow-ups.ts";
import { Assignments } from "../src/inbox/assignments.ts";
import type { Runtime } from "../src/runtime.ts";
import { claimTasks } from "../src/tasks/claim-tasks.ts";
import { TaskSweeper } from "../src/tasks/sweep-tasks.ts";
import type { OfferedTask } from "../src/tasks/task.ts";
import type { Fixture } from "./fixtures.ts";
import type { Worker } from "./workers.ts";

/** What one server process does about tasks: its own connections, claims, feed, follow-ups and sweeps. */
export interface Replica {
  readonly runtime: Runtime;
  readonly assignments: Assignments;
  /** As an agent that is connected to this server asks. */
  claim(worker: Worker, max: number, waitMs?: number): Promise<OfferedTask[]>;
  /** What its loops could not do. */
  readonly errors: readonly Error[];
  stop(): Promise<void>;
}

/** Another server over the fixture's database, without its network. Close it before the fixture. */
export async function startReplica(fixture: Fixture, connections = 4): Promise<Replica> {
  const errors: Error[] = [];
  const onError = (error: Error) => void errors.push(error);
  const database: Database = openDatabase({ url: fixture.url, connections, onError });
  const feed = await openFeed({ url: fixture.url, onError });
  const runtime: Runtime = { ...fixture.runtime, database, committed: () => feed.committed() };
  const assignments = new Assignments(runtime, onError);
  const followUps = new FollowUps(runtime, onError);
  const observers = [feed.onEvents(null, assignments.observe), feed.onEvents(null, followUps.observe)];
  const sweeper = new TaskSweeper(runtime);
  let sweeping: Promise<void> = Promise.resolve();
  const timer = setInterval(
    () => {
      sweeping = sweeping.then(() => sweeper.sweep()).catch(onError);
    },
    Math.min(1_000, runtime.settings.leaseMs / 4),
  );
  return {
    runtime,
    assignments,
    errors,
    claim: (worker, max, waitMs = 0) =>
      claimTasks(runtime, assignments, worker.caller, {
        agentId: worker.id,
        incarnation: worker.incarnation,
        max,
        waitMs,
      }),
    async stop() {
      clearInterval(timer);
      for (const stopObserving of observers) stopObserving();
      await Promise.all([assignments.close(), followUps.stop(), sweeping]);
      await feed.close();
      await database.close();
    },
  };
}

/** Several at once; `work` ends with their end. */
export async function withReplicas<Result>(
  fixture: Fixture,
  count: number,
  work: (replicas: readonly Replica[]) => Promise<Result>,
): Promise<Result> {
  const replicas = await Promise.all(Array.from({ length: count }, () => startReplica(fixture)));
  try {
    return await work(replicas);
  } finally {
    await Promise.all(replicas.map((replica) => replica.stop()));
  }
}
