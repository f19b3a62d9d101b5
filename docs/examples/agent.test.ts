import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { expect, it, onTestFinished } from "vitest";
import { createAgent, createTenant, serverForTest } from "../../apps/server/test/harness.ts";
import { change, giveTask, taskIn } from "../../apps/server/test/sdk-fixtures.ts";

const SCRIPT = fileURLToPath(new URL("agent.sh", import.meta.url));

function start(environment: Record<string, string>): ChildProcess {
  const agent = spawn("bash", [SCRIPT], {
    stdio: ["ignore", "ignore", "inherit"],
    env: { PATH: process.env["PATH"], ...environment },
  });
  onTestFinished(() => void agent.kill("SIGKILL"));
  return agent;
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

  agent.kill("SIGTERM");
  expect(await once(agent, "exit")).toEqual([0, null]);
  expect(await runningIn(group)).toEqual([]);
}, 60_000);
