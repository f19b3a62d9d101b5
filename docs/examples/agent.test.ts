import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { expect, it, onTestFinished } from "vitest";
import { createAgent, createTenant, serverForTest } from "../../apps/server/test/harness.ts";
import { agentIn, change, giveTask, taskIn } from "../../apps/server/test/sdk-fixtures.ts";

const SCRIPT = fileURLToPath(new URL("agent.sh", import.meta.url));

function start(environment: Record<string, string>): ChildProcess {
  const env = { PATH: process.env["PATH"], STEP_SECONDS: "0.4", HEARTBEAT_SECONDS: "0.2", ...environment };
  const agent = spawn("bash", [SCRIPT], { stdio: ["ignore", "pipe", "ignore"], env });
  agent.stdout.resume();
  onTestFinished(() => void agent.kill("SIGTERM"));
  return agent;
}

/** Sends SIGTERM; answers the exit code once nothing that the agent started holds its output open any more. */
async function end(agent: ChildProcess): Promise<number | null> {
  if (agent.exitCode === null) agent.kill("SIGTERM");
  const [code] = (await once(agent, "close")) as [number | null];
  return code;
}

it("is quoted whole in the documentation", async () => {
  const text = await readFile(new URL("../agent-without-sdk.md", import.meta.url), "utf8");
  expect(text).toContain(`\`\`\`bash\n${await readFile(SCRIPT, "utf8")}\`\`\``);
});

it("connects, does, fails and cancels tasks, and ends with code 0 on SIGTERM", async () => {
  const server = await serverForTest();
  const tenant = await createTenant(server);
  const { id, key } = await createAgent(server, tenant, "bash");
  const agent = start({
    MUSTER_URL: server.url,
    MUSTER_AGENT_ID: id,
    MUSTER_AGENT_KEY: key,
    STEP_SECONDS: "0.4",
    HEARTBEAT_SECONDS: "0.2",
  });
  const give = (input: unknown) => giveTask(server, tenant, id, { kind: "fingerprint", input });

  const tricky = { text: 'a"}]}}} "errors":[ "taskId":"no"', list: [] };
  const done = await taskIn(server, await give(tricky), "SUCCEEDED");
  expect(done).toMatchObject({ attempt: 1, progress: 1, output: { bytes: JSON.stringify(tricky).length } });

  const failed = await taskIn(server, await give({}), "FAILED");
  expect(failed.error).toMatchObject({ kind: "empty_input", retryable: false });

  const slow = await give({ slow: true });
  await taskIn(server, slow, "RUNNING");
  await change(server, "cancelTask", { taskId: slow, reason: "test" }, "id");
  await taskIn(server, slow, "CANCELLED");

  expect(await end(agent)).toBe(0);
}, 60_000);

it("ends on SIGTERM also while the server is away, and leaves no process", async () => {
  const server = await serverForTest();
  const { id, key } = await createAgent(server, await createTenant(server), "bash");
  const agent = start({ MUSTER_URL: server.url, MUSTER_AGENT_ID: id, MUSTER_AGENT_KEY: key });
  await agentIn(server, id, "ONLINE", "IDLE");
  await server.stop();
  expect(await end(agent)).toBe(0);
}, 60_000);
