import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { openDatabase } from "@muster/database/database.ts";
import { assertTenantRole } from "@muster/database/tenant-role.ts";
import { openFeed } from "@muster/events/feed.ts";
import { NotificationsSwallowed } from "@muster/events/notification-echo.ts";
import { createRetention } from "@muster/events/retention.ts";
import { KnownOperations } from "@muster/graphql/persisted-operations/known-operations.ts";
import { Cohorts } from "@muster/graphql/live/cohorts.ts";
import { createCheckpointSigner } from "@muster/identity/audit/checkpoint-signer.ts";
import { cutChains, removeOldBlocks } from "@muster/identity/audit/cut-chains.ts";
import { createSignInLink } from "@muster/identity/links/create-sign-in-link.ts";
import { judgeBy } from "@muster/identity/authentication-policy.ts";
import { observeCredentialChanges } from "@muster/identity/credential-changes.ts";
import { createFirstAdmin } from "@muster/identity/people/create-first-admin.ts";
import { forgetCredentials, relyOnFeed } from "@muster/identity/recent-answers.ts";
import { createAgentSweeper } from "@muster/operations/agents/agent-sweeper.ts";
import { createRollbackSweep } from "@muster/operations/contexts/rollbacks/fail-overdue-rollbacks.ts";
import { pruneContexts } from "@muster/operations/contexts/retention/prune-contexts.ts";
import { Assignments } from "@muster/operations/inbox/assignments.ts";
import { measureStorage } from "@muster/operations/quotas/storage-quota.ts";
import type { Runtime } from "@muster/operations/runtime.ts";
import { expireResults } from "@muster/operations/tasks/expire-results.ts";
import { TaskSweeper } from "@muster/operations/tasks/sweep-tasks.ts";
import { TaskWatch } from "@muster/operations/tasks/task-watch.ts";
import { createSupervisor } from "@muster/supervisor/supervisor.ts";
import type { Logger } from "pino";
import { AddressUsage } from "./address-usage.ts";
import { actorFor } from "./authentication.ts";
import { startAuditSealer } from "./audit-loop.ts";
import { provideBootstrapKey } from "./bootstrap-key.ts";
import { startBulkJobs } from "./bulk-job-loop.ts";
import { CredentialUsage } from "./connection-limits.ts";
import { createConsoleProxy } from "./console-proxy.ts";
import { type Demo, demoAgents, prepareDemo } from "./demo.ts";
import { createPipeline } from "./graphql-pipeline.ts";
import { provideEncryptionKey } from "./encryption-key.ts";
import { startFollowUps } from "./follow-up-loop.ts";
import { startCredentialLoops } from "./credential-loops.ts";
import { createHealth } from "./health.ts";
import { createHttpServer } from "./http-server.ts";
import { listen } from "./listen.ts";
import { OpenConnections } from "./open-connections.ts";
import { repeat } from "./repeat.ts";
import { startResealing } from "./reseal-loop.ts";
import { startSchedules } from "./schedule-loop.ts";
import type { ServerSettings } from "./settings.ts";
import { shippedOperations } from "./shipped-operations.ts";
import { signInUrl } from "./sign-in-url.ts";
import { createSseHandler } from "./sse-handler.ts";
import { Strangers } from "./strangers.ts";
import { reloadTls } from "./tls-listener.ts";
import { startWebhooks } from "./webhook-loops.ts";
import { serveWebSockets } from "./websocket-server.ts";

const PACKAGES = fileURLToPath(new URL("../../../agents", import.meta.url));
const DEMO_FEED_MS = 15_000;
const ROLLBACK_SWEEP_MS = 1_000;
const RETENTION_MS = 60_000;
const STORAGE_MS = 60_000;
const CONTEXT_RETENTION_MS = 5_000;
const AUDIT_BLOCKS_MS = 600_000;
const SOCKETS_CLOSE_OVER_MS = 250;
const REQUESTS_END_WITHIN_MS = 5_000;

export interface MusterServer {
  readonly url: string;
  /** Signs in once, within an hour; null when this start has no key to show. */
  readonly signInUrl: string | null;
  /** The demo's agents, once they are up or a few seconds have passed; empty without the demo. */
  agents(): Promise<{ name: string; state: string }[]>;
  /** Not ready → agents → no more claims → sockets → running requests → database. */
  stop(): Promise<void>;
}

/** Composes one server process and listens. Rejects when the port is taken or the database cannot be reached. */
export async function startServer(settings: ServerSettings, log: Logger): Promise<MusterServer> {
  const onError = (error: Error) => {
    if (error instanceof NotificationsSwallowed) log.warn(error.message);
    else log.warn({ err: error }, "a connection to the database broke; it is opened again");
  };
  const { databaseUrl, databaseDirectUrl, rowSecurity } = settings;
  if (rowSecurity) await assertTenantRole(databaseDirectUrl);
  const tenants = rowSecurity ? { url: databaseDirectUrl } : null;
  const database = openDatabase({ url: databaseUrl, tenants, connections: settings.databaseConnections, onError });
  const bootstrapKey = await provideBootstrapKey(database, settings);
  const operations = { ...settings.operations, encryptionKey: await provideEncryptionKey(settings) };
  const feed = await openFeed({ url: databaseUrl, directUrl: databaseDirectUrl, onError });
  if (feed.restored)
    log.warn("the database was restored from a dump: feeds that go on from before read their state again");
  const runtime: Runtime = { database, settings: operations, committed: () => feed.committed() };
  if (await createFirstAdmin(runtime)) log.info("the first admin was made: sign in by a link");
  const assignments = new Assignments(runtime, onError);
  const taskWatch = new TaskWatch(runtime, onError);
  const connections = new OpenConnections();
  judgeBy(database, operations);
  relyOnFeed(database, () => feed.tail.confirmedAt);
  const observers = [
    observeCredentialChanges(feed, (changes) => {
      forgetCredentials(database, changes && changes.map(({ id }) => id));
      if (changes) connections.change(changes);
      else checkCredentials().catch(onError);
    }),
    feed.onEvents(null, assignments.observe),
    feed.onEvents(null, taskWatch.observe),
  ];
  const checkCredentials = () =>
    connections.check(async (credential) => (await actorFor(database, credential, "FRESH"))?.standing ?? null);

  const health = createHealth(database);
  const cohorts = new Cohorts(feed);
  const known = new KnownOperations({ runtime, shipped: shippedOperations(), only: settings.persistedOnly });
  const { introspection } = settings;
  const pipeline = createPipeline({ runtime, feed, cohorts, assignments, taskWatch }, { known, introspection }, log);
  let demo: Demo | null = null;
  const console = settings.consoleUpstream === null ? null : createConsoleProxy(settings.consoleUpstream, log);
  const { limits } = settings;
  const usage = new CredentialUsage(limits);
  const addresses = new AddressUsage(limits);
  const { trustedProxies, allowedOrigins, publicUrl, tls, oidc } = settings;
  const strangers = new Strangers(addresses, trustedProxies);
  const sse = createSseHandler(pipeline, limits);
  const shared = {
    database,
    pipeline,
    connections,
    limits,
    usage,
    addresses,
    strangers,
    trustedProxies,
    allowedOrigins,
  };
  const http = createHttpServer({ ...shared, runtime, publicUrl, tls, oidc, health, sse, console, log });
  const webSockets = serveWebSockets({ ...shared, http, console, log });
  const { replica } = settings;
  if (replica !== null)
    http.prependListener("request", (_, response) => response.setHeader("x-muster-replica", replica));
  const url = await listen(http, settings);

  const agentSweeper = createAgentSweeper(runtime);
  const taskSweeper = new TaskSweeper(runtime);
  const checkpointSigner = createCheckpointSigner(database, operations.encryptionKey);
  const retention = createRetention({
    url: settings.databaseDirectUrl,
    days: settings.operations.eventRetentionDays,
    archiveDir: settings.eventArchiveDir,
    beforeRemoval: (cut) => cutChains(database, checkpointSigner, cut),
  });
  const loops = [
    repeat("agents", agentSweeper.intervalMs, log, () => agentSweeper.sweep()),
    repeat("tasks", Math.min(1_000, settings.operations.leaseMs / 4), log, () => taskSweeper.sweep()),
    repeat("task results", 1_000, log, () => expireResults(runtime)),
    repeat("rollbacks", ROLLBACK_SWEEP_MS, log, createRollbackSweep(runtime, ROLLBACK_SWEEP_MS)),
    repeat("storage", STORAGE_MS, log, () => measureStorage(database)),
    repeat("context retention", CONTEXT_RETENTION_MS, log, () => pruneContexts(runtime)),
    await startResealing(database, operations.encryptionKey, log),
    startSchedules(runtime, log),
    startWebhooks(runtime, feed, log),
    startBulkJobs(runtime, feed, log),
    startFollowUps(runtime, feed, log),
    startCredentialLoops(runtime, log),
    ...(tls === null ? [] : [reloadTls(http, tls, log)]),
    startAuditSealer(feed, operations.encryptionKey, log),
    repeat("retention", RETENTION_MS, log, async () => {
      const report = await retention.enforce();
      if (report && (report.deletedEvents > 0 || report.droppedPartitions.length > 0))
        log.info(report, "old events were removed");
    }),
    repeat("audit blocks", AUDIT_BLOCKS_MS, log, () => removeOldBlocks(database)),
    repeat("credentials", settings.credentialCheckMs, log, checkCredentials),
  ];

  const dataDir = resolve(settings.dataDir);
  const supervisor = settings.supervise
    ? createSupervisor({
        runtime,
        packagesFolder: PACKAGES,
        dataDir,
        url,
        log,
        // An empty list says that events may have been passed over.
        changes: (wake) =>
          feed.onEvents(null, (events) => {
            if (events.length === 0 || events.some(({ type }) => type.startsWith("agent."))) wake();
          }),
      })
    : null;
  await supervisor?.start();
  if (settings.demo && supervisor) {
    const prepared = await prepareDemo(runtime, dataDir);
    demo = prepared;
    await prepared.feed();
    loops.push(repeat("demo", DEMO_FEED_MS, log, () => prepared.feed()));
  }
  const link = bootstrapKey === null ? null : await createSignInLink(database, bootstrapKey);
  log.info({ url }, "listening");

  return {
    url,
    signInUrl: link && signInUrl(url, link.token),
    agents: async () => (demo ? demoAgents(runtime, demo) : []),
    async stop() {
      health.stopAccepting();
      // At once: the supervisor of another server that stops too must not find the agents free to take over.
      await Promise.all([supervisor?.stop(), retention.close(), ...loops.map((loop) => loop.stop())]);
      http.close();
      for (const stopObserving of observers) stopObserving();
      await Promise.all([assignments.close(), taskWatch.close()]);
      await Promise.all([webSockets.close(SOCKETS_CLOSE_OVER_MS), sse.close(SOCKETS_CLOSE_OVER_MS)]);
      usage.close();
      addresses.close();
      connections.stop();
      console?.close();
      http.closeIdleConnections();
      setTimeout(() => http.closeAllConnections(), REQUESTS_END_WITHIN_MS).unref();
      await new Promise<void>((resolved) => {
        if (!http.listening) return resolved();
        http.once("close", () => resolved());
      });
      await feed.close();
      await database.close();
    },
  };
}
