import { createSubjects } from "@muster/events/testing/subjects.ts";
import { newAdminKey } from "@muster/identity/new-admin-key.ts";
import { setTimeout as sleep } from "node:timers/promises";
import type { RecordedHistory } from "./clients/recorded-history.ts";
import { startCluster } from "./cluster.ts";
import { type DeadTuples, watchDeadTuples } from "./dead-tuples.ts";
import { createDelays } from "./delays.ts";
import { makeExpiredCursor } from "./expired-cursor.ts";
import { measureHostility } from "./hostility.ts";
import { createJournal, type Journal } from "./journal.ts";
import { appendLastEvent, newestId, readLateIds, readLog } from "./log.ts";
import { watchMemory } from "./memory.ts";
import { createRandom } from "./random.ts";
import { startClients } from "./recorded-clients.ts";
import { startReplicas } from "./replica.ts";
import { restoreElsewhere } from "./restore.ts";
import { injectFaults } from "./schedule.ts";
import type { Scale, Site } from "./site.ts";
import { createTenant, projectCursor } from "./tenant.ts";
import { type Validated, validateHistories, validateWritten } from "./validate.ts";
import { startWriters } from "./writers/start-writers.ts";
import { Written } from "./writers/written.ts";

export interface SoakOptions {
  readonly seed: number;
  /** How long faults are injected; each is injected once at least. */
  readonly faultsMs: number;
  readonly scale: Scale;
  /** Told of each fault and each violation, a line at a time. */
  readonly say: (line: string) => void;
  /** Ends the run early; everything is taken down all the same. */
  readonly signal: AbortSignal;
}

export interface SoakOutcome {
  readonly journal: Journal;
  readonly validated: Validated;
}

const SETTLED_MS = 90_000;
/** Memory may grow by this factor and this much from the first third of a run to the last. */
const GROWTH = 1.5;
const GROWTH_MIB = 96;
/** So may the dead tuples of a table: by then vacuum has come around several times in a long run. */
const DEAD_GROWTH = 2;
const DEAD_TUPLES = 20_000;
/** A row may take so much of its table, dead ones and free room included, and the table so much on top. */
const ROW_BYTES = 4_096;
const SPARE_MIB = 16;

/** One run: real servers over a PostgreSQL of their own, writers, clients, faults; then every validator on every history. */
export async function runSoak({ seed, faultsMs, scale, say, signal }: SoakOptions): Promise<SoakOutcome> {
  const journal = createJournal(say);
  const random = createRandom(seed);
  const ended = new AbortController();
  const cleanUp = new AsyncDisposableStack();
  try {
    const cluster = await startCluster();
    cleanUp.defer(() => cluster.remove());
    const adminKey = newAdminKey();
    const replicas = await startReplicas(scale.replicas, cluster, adminKey, cleanUp);
    journal.note(`${replicas.length} servers run over a PostgreSQL on port ${cluster.port}`);
    const url = replicas[0]?.url ?? "";
    const expired = await makeExpiredCursor(cluster, url, adminKey);
    const tenant = await createTenant(url, adminKey, "soak", { agents: 30, workers: 2, contexts: 5 });
    const other = await createTenant(url, adminKey, "other", { agents: 3, contexts: 1 });
    const subjects = await createSubjects(cluster.url, 300);
    const firstId = await newestId(cluster);
    const start = await projectCursor(url, adminKey, tenant.path);

    const histories: RecordedHistory[] = [];
    const clients: Promise<void>[] = [];
    const site: Site = {
      cluster,
      replicas,
      adminKey,
      tenant,
      other,
      expired,
      subjects,
      written: new Written(),
      histories,
      ending: { last: null },
      cutOff: { before: new Set(), after: new Set() },
      scale,
      journal,
      record(history, client) {
        histories.push(history);
        clients.push(
          client(history).catch((error: unknown) => {
            if (!ended.signal.aborted) journal.violated("resumable", `${history.name} failed: ${String(error)}`);
          }),
        );
      },
      signal: AbortSignal.any([signal, ended.signal]),
    };
    // Before anything else is taken down: what still runs must not take that for a fault.
    cleanUp.defer(async () => {
      ended.abort();
      await Promise.all(clients);
    });
    const delays = createDelays();
    startClients(site, start, random.branch("clients"), delays.delivered);
    const memory = watchMemory(replicas);
    cleanUp.defer(async () => void (await memory.end()));
    const deadTuples = watchDeadTuples(cluster);
    cleanUp.defer(() => deadTuples.stop());
    const stopWriters = startWriters(site, random.branch("writers"), delays.committed);
    cleanUp.defer(stopWriters);

    await measureHostility(site, delays);
    await injectFaults(site, random.branch("faults"), faultsMs);
    await stopWriters();

    const ending = await appendLastEvent(cluster, tenant.projectUuid);
    site.ending.last = ending;
    const isSettled = await Promise.race([Promise.all(clients).then(() => true), sleep(SETTLED_MS, false, { signal })]);
    if (!isSettled)
      journal.violated("reliable", `some clients had not got everything ${SETTLED_MS / 1_000} s after the end`);
    const log = await readLog(cluster, tenant.projectUuid, firstId);
    const late = await readLateIds(cluster, tenant.projectUuid, ending);
    const validated = validateHistories(log, histories, journal.violated, late);
    validateWritten(log, site);
    const { first, last } = await memory.end();
    journal.note(
      `memory of a server: at most ${first.toFixed(0)} MiB in the first third, ${last.toFixed(0)} in the last`,
    );
    if (last > first * GROWTH + GROWTH_MIB) journal.violated("bounded", `memory grew from ${first} to ${last} MiB`);
    for (const table of await deadTuples.end()) judgeDeadTuples(table, journal);
    // What they still do by themselves would not be in the dump.
    await Promise.all(replicas.map((replica) => replica.kill()));
    await restoreElsewhere(site, random.branch("restore"));
    return { journal, validated };
  } finally {
    await cleanUp.disposeAsync();
  }
}

function judgeDeadTuples({ table, before, last, rows, heapMib, indexMib }: DeadTuples, journal: Journal): void {
  const size = `${rows} rows in ${heapMib.toFixed(1)} MiB and ${indexMib.toFixed(1)} of indexes`;
  journal.note(`${table}: at most ${before} dead tuples in the first two thirds, ${last} in the last; ${size}`);
  if (last > before * DEAD_GROWTH + DEAD_TUPLES)
    journal.violated("bounded", `dead tuples of ${table} grew from ${before} to ${last}`);
  if (heapMib > (rows * ROW_BYTES) / 1_048_576 + SPARE_MIB) journal.violated("bounded", `${table} holds ${size}`);
}
