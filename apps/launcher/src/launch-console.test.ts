import { chmod, mkdtemp, readFile, realpath, rm, stat } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findPostmaster } from "@muster/database/embedded/postmaster.ts";
import { createTestDatabase, type TestDatabase } from "@muster/database/test-database.ts";
import { processStart } from "@muster/processes/process-identity.ts";
import { afterEach, beforeEach, expect, it } from "vitest";
import { findBuild } from "./console-builds.ts";
import { consoleHash } from "./console-hash.ts";
import { type ConsoleTree, createConsoleTree } from "../test/console-tree.ts";
import { type LauncherProcess, startLauncher } from "../test/launcher-process.ts";

let folder: string;
let dataDir: string;
let tree: ConsoleTree;
let database: TestDatabase;
const started: LauncherProcess[] = [];

beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "muster-launch-")));
  await chmod(folder, 0o711);
  dataDir = join(folder, "data");
  tree = createConsoleTree(join(folder, "a tree"));
  database = await createTestDatabase();
});

afterEach(async () => {
  for (const { child, ended } of started.splice(0)) {
    child.kill("SIGTERM");
    await ended;
  }
  for (const pid of consolePids()) if (processStart(pid) !== null) process.kill(pid, "SIGKILL");
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

function launcher(args: readonly string[] = [], environment: NodeJS.ProcessEnv = {}): LauncherProcess {
  const process = startLauncher(["--data-dir", dataDir, "--port", "0", ...args], {
    FAKE_ROOT: tree.root,
    DATABASE_URL: database.url,
    ...environment,
  });
  started.push(process);
  return process;
}

function consoleStarts(): string[] {
  return tree.trace().filter((line) => line.startsWith("start "));
}

function consolePids(): number[] {
  return consoleStarts().map((line) => Number(line.split(" ")[1]));
}

function serverTrace(): Promise<string> {
  return readFile(join(dataDir, "trace"), "utf8");
}

it("builds the console, starts it before the server, and tells a person how to sign in", async () => {
  const first = launcher();
  await first.until("Ctrl-C\n");
  expect(first.output()).toMatch(
    /^Building the console, .*\n\nMuster runs at http:\/\/\S+\n\n {2}Sign in {2}\S+#link=k\n/,
  );
  expect(first.output()).toContain("(works once, for an hour; another: npm run sign-in)");
  // The fake server asked the console before it was ready.
  expect(await serverTrace()).toMatch(/\(production \.next\/[0-9a-f]{20}-[0-9a-f]{8}\/dist\)\n/);

  process.kill(-(first.child.pid ?? 0), "SIGINT");
  expect(await first.ended).toBe(0);
  expect(first.output()).toContain("Stopping: agents first, then the server, the console and the database.");
  const stopped = tree.trace().at(-1) ?? "";
  expect(stopped).toMatch(/^SIGTERM \d+$/);
  expect(await serverTrace()).toMatch(/SIGTERM\nend\n$/);
  expect((await stat(join(dataDir, "trace"))).mtimeMs).toBeLessThanOrEqual(Number(stopped.split(" ")[1]) + 1);

  const second = launcher();
  await second.until("Ctrl-C\n");
  expect(second.output()).toMatch(/^\nMuster runs at/);
});

it("gives the console's process nothing of what it does not need", async () => {
  const process_ = launcher([], {
    MUSTER_BOOTSTRAP_KEY: "mst_secret",
    SOME_TOKEN: "x",
    LANG: "C",
    TZ: "UTC",
    TMPDIR: "/tmp",
  });
  await process_.until("Ctrl-C\n");
  const names = (consoleStarts()[0] ?? "").split(" ").slice(2);
  const allowed = ["HOME", "LANG", "NODE_COMPILE_CACHE", "NODE_OPTIONS", "PATH", "TMPDIR", "TZ"];
  // The channel to its parent.
  const channel = ["NODE_CHANNEL_FD", "NODE_CHANNEL_SERIALIZATION_MODE"];
  const own = ["CONSOLE_DIST_DIR", "CONSOLE_PORT", "NEXT_TELEMETRY_DISABLED", "NODE_ENV", "NO_COLOR"];
  expect(names.filter((name) => ![...allowed, ...channel].includes(name))).toEqual(own.toSorted());
});

it("starts the console again, on the same port, when it dies", async () => {
  const process_ = launcher();
  await process_.until("Ctrl-C\n");
  process.kill(consolePids()[0] ?? 0, "SIGKILL");
  await process_.until("The console runs again.");
  expect(process_.output()).toContain("The console ended (SIGKILL); starting it again in 0.5 s.");
  const [first, second] = tree.trace().filter((line) => line.startsWith("listens "));
  expect(second).toBe(first);
  expect(tree.builders()).toHaveLength(1);
});

it("listens where it is told", async () => {
  const { port } = await listenSomewhere({ close: true });
  const process_ = launcher([], { CONSOLE_PORT: String(port) });
  await process_.until("Ctrl-C\n");
  expect(await (await fetch(`http://127.0.0.1:${port}`)).text()).toContain("production");
});

it("leaves no console when it is killed, and none of the builder's processes", async () => {
  const first = launcher();
  await first.until("Ctrl-C\n");
  first.child.kill("SIGKILL");
  await first.ended;
  await expect.poll(() => consolePids().map(processStart)).toEqual([null]);

  tree.write("slow");
  const second = launcher();
  await second.until("Building the console");
  await expect.poll(() => tree.builders().length).toBe(2);
  second.child.kill("SIGKILL");
  await second.ended;
  await expect.poll(() => tree.builders().map(processStart)).toEqual([null, null]);
});

it("stops a console that an earlier, killed launcher left behind", async () => {
  tree.write("stubborn");
  const first = launcher();
  await first.until("Ctrl-C\n");
  first.child.kill("SIGKILL");
  await first.ended;
  const [left = 0] = consolePids();
  expect(processStart(left)).not.toBeNull();
  tree.write("mild");
  const second = launcher();
  await second.until(`Waiting for the console of an earlier run (process ${left}) to stop.`);
  process.kill(left, "SIGKILL");
  await second.until("Ctrl-C\n");
});

it("ends with one sentence when the console cannot be built, and leaves nothing running", async () => {
  tree.write("wrong");
  const process_ = launcher([], { DATABASE_URL: "" });
  expect(await process_.ended).toBe(1);
  expect(findPostmaster(join(dataDir, "postgres", "cluster"))).toBeNull();
  expect(process_.output()).toMatch(
    /^Building the console.*\nThe console could not be built .*logs\/console-build\.log; --no-console .*\.\n$/,
  );
});

it("gives up the build when the database cannot be used", async () => {
  tree.write("slow");
  const process_ = launcher([], { DATABASE_URL: "postgres://someone:secret@127.0.0.1:1/muster" });
  expect(await process_.ended).toBe(1);
  expect(process_.output()).toMatch(/^(Building .*\n)?The database muster on 127\.0\.0\.1:1 cannot be used .*\n$/);
  expect(tree.builders().map(processStart)).toEqual(tree.builders().map(() => null));
  expect(findBuild(tree.builds, consoleHash(tree.root))).toBeUndefined();
});

it("stops at once when it is interrupted while it builds", async () => {
  tree.write("slow");
  const process_ = launcher();
  await process_.until("Building the console");
  process.kill(-(process_.child.pid ?? 0), "SIGINT");
  expect(await process_.ended).toBe(0);
  expect(process_.output()).toMatch(/^Building the console.*\n$/);
});

it.each([
  [["--no-console"], {}],
  [[], { MUSTER_CONSOLE: "0" }],
])("runs without a console when it is told %j %j, and says where the API is", async (args, environment) => {
  const process_ = launcher(args, environment);
  await process_.until("Ctrl-C\n");
  expect(process_.output()).toMatch(
    /^\nMuster runs at (\S+)\n\n {2}API {6}\1\/graphql\n {2}Key {6}\S+\/bootstrap-key\n/,
  );
  expect(await serverTrace()).toContain("(no console)");
  expect(tree.builders()).toEqual([]);
});

it("runs Next's development server with --reload, without a build", async () => {
  const process_ = launcher(["--reload"]);
  await process_.until("Ctrl-C\n");
  expect(await serverTrace()).toContain("(development .next)");
  expect(tree.builders()).toEqual([]);
  dataDir = join(folder, "other data");
  const other = launcher(["--reload"]);
  expect(await other.ended).toBe(1);
  expect(other.output()).toMatch(/^The folder .*\.next, which .*, is in use by process \d+: .*--no-console\.\n$/);
});

it("names the setting of the console's port when it is taken, wrong, or Muster's own", async () => {
  const { port, server } = await listenSomewhere({ close: false });
  const taken = launcher([], { CONSOLE_PORT: String(port) });
  expect(await taken.ended).toBe(1);
  expect(taken.output()).toBe(
    `Port ${port} is already in use: stop what listens there, or choose another one with --console-port.\n`,
  );
  server.close();
  const wrong = launcher([], { CONSOLE_PORT: "abc" });
  expect(await wrong.ended).toBe(1);
  expect(wrong.output()).toMatch(/'CONSOLE_PORT'.*0 to 65535/);
  const same = launcher(["--port", "4567", "--console-port", "4567"]);
  expect(await same.ended).toBe(1);
  expect(same.output()).toMatch(/^CONSOLE_PORT .*own port 4567: .*\n$/);
  const answer = launcher([], { MUSTER_CONSOLE: "perhaps" });
  expect(await answer.ended).toBe(1);
  expect(answer.output()).toMatch(/^MUSTER_CONSOLE is not valid: .*\n$/);
});

async function listenSomewhere({ close }: { close: boolean }) {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as { port: number };
  if (close) await new Promise((resolve) => server.close(resolve));
  return { server, port };
}
