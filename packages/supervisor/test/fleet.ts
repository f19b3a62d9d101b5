import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { openDatabase } from "@muster/database/database.ts";
import { createTestDatabase } from "@muster/database/test-database.ts";
import { formatId } from "@muster/domain/ids.ts";
import type { AgentAction } from "@muster/domain/agent-lifecycle.ts";
import type { Agent } from "@muster/operations/agents/agent.ts";
import { getAgentRows } from "@muster/operations/agents/agent-rows.ts";
import { connectAgent } from "@muster/operations/agents/connect-agent.ts";
import { registerAgent } from "@muster/operations/agents/register-agent.ts";
import { transitionAgent } from "@muster/operations/agents/transition-agent.ts";
import { systemCaller } from "@muster/operations/authorize.ts";
import { createProject } from "@muster/operations/projects/create-project.ts";
import { createWorkspace } from "@muster/operations/projects/create-workspace.ts";
import type { Runtime } from "@muster/operations/runtime.ts";
import { DEFAULT_SETTINGS } from "@muster/operations/settings.ts";
import { adoptAgentProcess } from "../src/agent-process.ts";
import { processStart } from "@muster/processes/process-identity.ts";
import { type ProcessRecord, readRecords } from "../src/process-record.ts";
import type { SupervisorSettings } from "../src/settings.ts";
import { createSupervisor, type Supervisor, type SupervisorOptions } from "../src/supervisor.ts";

/** Small times, so that what takes minutes in life takes moments here. */
export const QUICK: Partial<SupervisorSettings> = {
  pollMs: 100,
  watchMs: 50,
  graceMs: 600,
  restartDelayMs: 50,
  longestRestartDelayMs: 200,
  stableMs: 10_000,
  failureLimit: 3,
};

/** Lives until it is told to stop, and says so in its output. */
export const OBEDIENT = `
  process.on("SIGTERM", () => { console.log("bye"); process.exit(0); });
  setInterval(() => {}, 1000);
  console.log("hello from " + process.env.MUSTER_AGENT_NAME);`;

export const caller = systemCaller("test");

export interface LogLine {
  readonly level: string;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** A database with a project, a folder for packages and one for data, and supervisors over them. */
export async function createFleet(deployTimeoutMs = DEFAULT_SETTINGS.deployTimeoutMs) {
  const [test, folder] = await Promise.all([createTestDatabase(), mkdtemp(join(tmpdir(), "muster-fleet-"))]);
  const database = openDatabase({ url: test.url, connections: 5 });
  const runtime: Runtime = { database, settings: { ...DEFAULT_SETTINGS, deployTimeoutMs }, committed: () => {} };
  const workspace = await createWorkspace(runtime, caller, { slug: "test", name: "Test" });
  const project = await createProject(runtime, caller, { workspaceId: workspace.id, slug: "app", name: "App" });
  const [packagesFolder, dataDir] = [join(folder, "packages"), join(folder, "data")];
  await mkdir(packagesFolder);
  const supervisors: Supervisor[] = [];
  const log: LogLine[] = [];
  const write = (level: string) => (fields: LogLine["fields"], message: string) =>
    void log.push({ level, fields, message });

  const fleet = {
    runtime,
    databaseUrl: test.url,
    packagesFolder,
    dataDir,
    log,
    workspaceId: workspace.id,
    projectId: project.id,
    /** Writes (or replaces) a package whose program is `script`. */
    async addPackage(slug: string, script: string, manifest: Record<string, unknown> = {}): Promise<void> {
      await mkdir(join(packagesFolder, slug), { recursive: true });
      await writeFile(join(packagesFolder, slug, "main.mjs"), script);
      const all = { slug, name: slug, type: "process", capabilities: [slug], entry: "main.mjs", ...manifest };
      await writeFile(join(packagesFolder, slug, "muster.json"), JSON.stringify(all));
    },
    createSupervisor(settings: Partial<SupervisorSettings> = {}, more: Partial<SupervisorOptions> = {}): Supervisor {
      const supervisor = createSupervisor({
        runtime,
        packagesFolder,
        dataDir,
        url: "http://127.0.0.1:4000",
        log: { info: write("info"), warn: write("warn"), error: write("error") },
        settings: { ...QUICK, ...settings },
        ...more,
      });
      supervisors.push(supervisor);
      return supervisor;
    },
    async addAgent(definitionSlug: string, name = definitionSlug): Promise<string> {
      return (await registerAgent(runtime, caller, { projectId: project.id, definitionSlug, name })).agent.id;
    },
    async ask(agentId: string, action: AgentAction): Promise<Agent> {
      return transitionAgent(runtime, caller, { agentId, action, reason: "a test asks", mode: "NOW" });
    },
    /** What the agent's process does when it has come up. */
    async connect(agentId: string): Promise<void> {
      await connectAgent(runtime, caller, { agentId });
    },
    async agent(agentId: string): Promise<Agent> {
      const [agent] = await getAgentRows(runtime, caller, [agentId]);
      if (!agent) throw new Error("There is no such agent.");
      return agent;
    },
    async untilState(agentId: string, state: Agent["state"]): Promise<Agent> {
      await until(async () => (await fleet.agent(agentId)).state === state, `the agent is ${state}`);
      return fleet.agent(agentId);
    },
    /** Its process's record; null when there is none. */
    async record(agentId: string): Promise<ProcessRecord | null> {
      return JSON.parse(await readFile(fleet.file(agentId, "process.json"), "utf8").catch(() => "null"));
    },
    /** The pid of its living process, once there is one that is not `old`. */
    async untilRunning(agentId: string, old = 0): Promise<number> {
      let pid = 0;
      await until(async () => {
        pid = (await fleet.record(agentId))?.process?.pid ?? 0;
        return pid > 0 && pid !== old && processStart(pid) !== null;
      }, "its process runs");
      return pid;
    },
    async output(agentId: string): Promise<string> {
      return readFile(fleet.file(agentId, "output.log"), "utf8").catch(() => "");
    },
    async untilOutput(agentId: string, text: string): Promise<void> {
      await until(async () => (await fleet.output(agentId)).includes(text), `its output has "${text}"`);
    },
    file: (agentId: string, name: string) => join(dataDir, "agents", formatId("agent", agentId), name),
    async close(): Promise<void> {
      for (const supervisor of supervisors) await supervisor.stop();
      // What a test that failed has left behind.
      for (const { process } of (
        await readRecords(join(dataDir, "agents"), () => {}).catch(() => new Map())
      ).values()) {
        if (process) adoptAgentProcess(process, 1_000).signal("SIGKILL");
      }
      await database.close();
      await Promise.all([test.drop(), rm(folder, { recursive: true, force: true })]);
    },
  };
  return fleet;
}
export type Fleet = Awaited<ReturnType<typeof createFleet>>;

/** Waits until `isSo`, for at most 15 s. */
export async function until(isSo: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const deadline = performance.now() + 15_000;
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error(`Waited in vain until ${what}.`);
    await sleep(20);
  }
}

export function isAlive(pid: number): boolean {
  return processStart(pid) !== null;
}
