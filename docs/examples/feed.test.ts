import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { expect, it, onTestFinished } from "vitest";
import {
  createAgent,
  createTenant,
  serverForTest,
  type Tenant,
  type TestServer,
} from "../../apps/server/test/harness.ts";
import { change } from "../../apps/server/test/sdk-fixtures.ts";

const IN_BASH = fileURLToPath(new URL("follow.sh", import.meta.url));
const IN_TYPESCRIPT = fileURLToPath(new URL("../../packages/client/test/follow-fleet.ts", import.meta.url));

/** Starts a program in a process group of its own; answers it, and its lines as they come. */
function start(command: string, args: readonly string[], environment: Record<string, string>) {
  const program = spawn(command, args, {
    stdio: ["ignore", "pipe", "ignore"],
    env: { PATH: process.env["PATH"], ...environment },
    detached: true,
  });
  const lines: string[] = [];
  createInterface({ input: program.stdout }).on("line", (line) => lines.push(line));
  onTestFinished(() => end(program));
  return { program, lines };
}

/** Ends all that the program has started. */
async function end(program: ChildProcess): Promise<void> {
  if (program.exitCode !== null || program.signalCode !== null) return;
  const ended = once(program, "exit");
  process.kill(-(program.pid ?? 0), "SIGKILL");
  await ended;
}

const move = (server: TestServer, agentId: string, action: string) =>
  change(server, "transitionAgent", { agentId, action, reason: "test" }, "id");

const documentation = () => readFile(new URL("../feed.md", import.meta.url), "utf8");

it("the documentation quotes the example in TypeScript whole", async () => {
  expect(await documentation()).toContain(`\`\`\`typescript\n${await readFile(IN_TYPESCRIPT, "utf8")}\`\`\``);
});

it("the documented command shows what happens, and goes on after the last id", async () => {
  const server = await serverForTest();
  const tenant = await createTenant(server);
  const documented = /```sh\n(curl [\s\S]+?)```/.exec(await documentation())?.[1] ?? "";
  const run = (lastEventId: string) => start("bash", ["-c", fillIn(documented, server, tenant, lastEventId)], {}).lines;
  const first = run("");
  await expect.poll(() => first, { timeout: 10_000 }).toContain("event: next");
  await createAgent(server, tenant, "first");
  await expect.poll(() => first.join("\n"), { timeout: 10_000 }).toContain("agent.registered");
  const id = first[first.findIndex((line) => line.includes("agent.registered")) - 2]?.replace("id: ", "");
  await createAgent(server, tenant, "second");
  const second = run(id ?? "");
  await expect.poll(() => second.join("\n"), { timeout: 10_000 }).toContain("agent.registered");
  expect(second.filter((line) => line.includes("agent.registered")).length).toBe(1);
}, 60_000);

function fillIn(command: string, server: TestServer, tenant: Tenant, lastEventId: string): string {
  const filled = command
    .replace("http://127.0.0.1:4000", server.url)
    .replace("mst_…", server.adminKey)
    .replace("prj_…", tenant.projectId)
    .replace("last-event-id: …", `last-event-id: ${lastEventId}`);
  expect(filled).not.toContain("…");
  return filled;
}

it("the example in bash prints every transition once, over all its runs", async () => {
  const server = await serverForTest();
  const tenant = await createTenant(server);
  const { id } = await createAgent(server, tenant, "followed");
  const folder = await mkdtemp(join(tmpdir(), "muster-feed-example-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const run = () =>
    start("bash", [IN_BASH, join(folder, "cursor")], {
      MUSTER_URL: server.url,
      MUSTER_KEY: server.adminKey,
      MUSTER_PROJECT: tenant.projectId,
    });
  const states = (lines: readonly string[]) =>
    lines.flatMap((line) => {
      const { event } = (JSON.parse(line) as { data: { agentTransitions: { event?: { to: string } } } }).data
        .agentTransitions;
      return event ? [event.to] : [];
    });

  const first = run();
  await expect.poll(() => first.lines[0], { timeout: 10_000 }).toContain('"Bookmark"');
  await move(server, id, "START");
  await expect.poll(() => states(first.lines), { timeout: 10_000 }).toEqual(["DEPLOYING"]);
  // Its cursor is kept a moment after the line: the next line comes after that.
  await expect.poll(() => first.lines.at(-1), { timeout: 10_000 }).toContain('"Bookmark"');
  await end(first.program);
  await move(server, id, "STOP");
  await move(server, id, "DECOMMISSION");

  const second = run();
  await expect.poll(() => states(second.lines), { timeout: 10_000 }).toEqual(["OFFLINE", "DECOMMISSIONED"]);
}, 60_000);

it("the example in TypeScript reads once, then follows", async () => {
  const server = await serverForTest();
  const tenant = await createTenant(server);
  const { id } = await createAgent(server, tenant, "followed");
  const { lines } = start(process.execPath, [IN_TYPESCRIPT], {
    // The first of them is nobody's.
    MUSTER_URL: `http://127.0.0.1:1,${server.url}`,
    MUSTER_KEY: server.adminKey,
    MUSTER_PROJECT: tenant.projectId,
  });
  const states = () => lines.map((line) => (JSON.parse(line) as Record<string, string>)[id]);
  await expect.poll(states, { timeout: 15_000 }).toEqual(["REGISTERED"]);
  await move(server, id, "START");
  await move(server, id, "STOP");
  await expect.poll(states, { timeout: 10_000 }).toEqual(["REGISTERED", "DEPLOYING", "OFFLINE"]);
}, 60_000);
