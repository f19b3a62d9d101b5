import { chmod, mkdir, mkdtemp, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { openDatabase } from "@muster/database/database.ts";
import { processStart } from "@muster/processes/process-identity.ts";
import { findPostmaster } from "@muster/database/embedded/postmaster.ts";
import { statement } from "@muster/database/statement.ts";
import { createTestDatabase, type TestDatabase } from "@muster/database/test-database.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type LauncherProcess, startLauncher } from "../test/launcher-process.ts";

let dataDir: string;
const started: LauncherProcess[] = [];

function launcher(args: readonly string[] = [], environment: NodeJS.ProcessEnv = {}): LauncherProcess {
  const process = startLauncher(["--data-dir", dataDir, "--port", "0", "--no-console", ...args], environment);
  started.push(process);
  return process;
}

async function trace(): Promise<string[]> {
  const text = await readFile(join(dataDir, "trace"), "utf8").catch(() => "");
  return text.split("\n").filter((line) => line !== "");
}

async function serverPids(): Promise<number[]> {
  return (await trace()).filter((line) => line.startsWith("start ")).map((line) => Number(line.split(" ")[1]));
}

function postmaster(): number | undefined {
  return findPostmaster(join(dataDir, "postgres", "cluster"))?.pid;
}

async function run(url: string, sql: string): Promise<void> {
  const connection = openDatabase({ url });
  await connection.run(statement(sql), []);
  await connection.close();
}

async function eventually(check: () => boolean | Promise<boolean>): Promise<void> {
  for (let i = 0; i < 400; i++) {
    if (await check()) return;
    await sleep(50);
  }
  throw new Error("That never came true.");
}

beforeEach(async () => {
  const parent = await realpath(await mkdtemp(join(tmpdir(), "muster-launch-")));
  await chmod(parent, 0o711);
  dataDir = join(parent, "data folder");
});

afterEach(async () => {
  for (const { child, ended } of started.splice(0)) {
    child.kill("SIGTERM");
    await ended;
  }
  for (const pid of await serverPids()) if (processStart(pid) !== null) process.kill(pid, "SIGKILL");
  await rm(join(dataDir, ".."), { recursive: true, force: true });
});

describe("with the embedded PostgreSQL", () => {
  it("starts everything, refuses a second launcher, stops in order and leaves nothing running", async () => {
    const first = launcher(["--no-demo"]);
    await first.until("Ctrl-C\n");
    expect(first.output()).toContain(join(dataDir, "bootstrap-key"));
    expect(first.output()).toContain("builder ONLINE");
    expect((await trace())[0]).toMatch(/demo=0 postgres:\/\/.*@127\.0\.0\.1:\d+\/muster \(no console\)$/);
    await first.until("server: a warning for people");
    const database = postmaster();
    expect(database).toBeDefined();

    const second = launcher();
    expect(await second.ended).toBe(1);
    expect(second.output()).toMatch(/^Muster already runs with the data folder .* \(process \d+\): .*--data-dir\.\n$/);

    process.kill(-(first.child.pid ?? 0), "SIGINT");
    expect(await first.ended).toBe(0);
    expect((await trace()).slice(1)).toEqual(["SIGTERM", "end"]);
    expect(postmaster()).toBeUndefined();

    const third = launcher();
    await third.until("Ctrl-C\n");
    third.child.kill("SIGTERM");
    expect(await third.ended).toBe(0);
    expect(third.output()).not.toContain("earlier run");
  });

  it("starts PostgreSQL again, on the same port, when it is killed", async () => {
    const process_ = launcher();
    await process_.until("Ctrl-C\n");
    process.kill(postmaster() ?? 0, "SIGKILL");
    await process_.until("PostgreSQL runs again.");
    expect(process_.output()).toContain("PostgreSQL ended (it died); starting it again in 0.5 s.");
    expect(await serverPids()).toHaveLength(1);
    expect(postmaster()).toBeDefined();
  });

  it("is cleaned up by the server when it is killed itself, and starts again", async () => {
    const first = launcher();
    await first.until("Ctrl-C\n");
    first.child.kill("SIGKILL");
    expect(await first.ended).toBe("SIGKILL");
    await eventually(async () => (await trace()).includes("end"));
    expect((await trace()).slice(1)).toEqual(["launcher gone", "end"]);
    expect(postmaster()).toBeUndefined();
    const second = launcher();
    await second.until("Ctrl-C\n");
  });

  it("finds and stops what is left when launcher and server were both killed", async () => {
    const first = launcher();
    await first.until("Ctrl-C\n");
    const left = postmaster();
    const [server = 0] = await serverPids();
    process.kill(server, "SIGSTOP");
    first.child.kill("SIGKILL");
    await first.ended;
    process.kill(server, "SIGKILL");
    const second = launcher();
    await second.until("Ctrl-C\n");
    expect(second.output()).toContain("Stopping the PostgreSQL that an earlier run left behind.");
    expect(postmaster()).not.toBe(left);
  });

  it("says what to do about a database of another PostgreSQL", async () => {
    await mkdir(join(dataDir, "postgres", "cluster"), { recursive: true });
    await writeFile(join(dataDir, "postgres", "cluster", "PG_VERSION"), "19\n");
    const process_ = launcher();
    expect(await process_.ended).toBe(1);
    expect(process_.output()).toMatch(/^The database in .* was made by PostgreSQL 19.*--data-dir\.\n$/);
  });
});

describe("with a PostgreSQL of the user's own", () => {
  let database: TestDatabase;
  let environment: NodeJS.ProcessEnv;
  beforeEach(async () => {
    database = await createTestDatabase();
    environment = { DATABASE_URL: database.url };
  });
  afterEach(() => database.drop());

  it("makes the database when it is missing and migrates it", async () => {
    const url = `${database.url}_x`;
    const process_ = launcher([], { DATABASE_URL: url });
    await process_.until("Ctrl-C\n");
    expect((await trace())[0]).toContain(url);
    process_.child.kill("SIGTERM");
    expect(await process_.ended).toBe(0);
    await run(database.url, `drop database ${new URL(url).pathname.slice(1)}`);
  });

  it("starts the server again when it dies, and says so", async () => {
    const process_ = launcher([], environment);
    await process_.until("Ctrl-C\n");
    process.kill((await serverPids())[0] ?? 0, "SIGKILL");
    await process_.until("The server runs again.");
    expect(process_.output()).toContain("The server ended (SIGKILL); starting it again in 0.5 s.");
    expect(await serverPids()).toHaveLength(2);
  });

  it("runs replicas behind the port that the first one found, starts each again, and stops them all", async () => {
    const process_ = launcher(["--replicas", "3"], environment);
    await process_.until("Ctrl-C\n");
    expect(process_.output()).toContain("3, behind the one port");
    const replicas = async () => (await trace()).filter((line) => line.startsWith("replica ")).toSorted();
    expect((await replicas()).map((line) => line.replace(/ \d+ shares/, " shares"))).toEqual([
      "replica 1 shares=1 port=0 key=true",
      "replica 2 shares=1 port=4321 key=false",
      "replica 3 shares=1 port=4321 key=false",
    ]);
    expect((await trace()).filter((line) => line.includes("demo=1"))).toHaveLength(1);

    for (const replica of [1, 2]) {
      process.kill(
        Number((await replicas()).find((line) => line.startsWith(`replica ${replica}`))?.split(" ")[2]),
        "SIGKILL",
      );
      await process_.until(`Replica ${replica} runs again.`);
    }
    expect(process_.output()).toContain("Replica 2 ended (SIGKILL); starting it again in 0.5 s.");
    expect((await replicas()).map((line) => line.slice(0, 9))).toEqual(
      [1, 1, 2, 2, 3].map((each) => `replica ${each}`),
    );
    expect((await replicas()).filter((line) => line.includes("port=0"))).toHaveLength(1);

    process_.child.kill("SIGTERM");
    expect(await process_.ended).toBe(0);
    expect((await trace()).filter((line) => line === "end")).toHaveLength(3);
  });

  it("stops the other replicas when one does not start", async () => {
    const process_ = launcher(["--replicas", "3"], { ...environment, FAKE_FAILING_REPLICA: "2" });
    expect(await process_.ended).toBe(1);
    expect(process_.output()).toContain("Replica 2 ended before it was ready (exit code 1)");
    expect((await serverPids()).filter((pid) => processStart(pid) !== null)).toEqual([]);
  });

  it("stops replicas that an earlier, killed launcher left behind, also when it now wants fewer", async () => {
    const first = launcher(["--replicas", "2"], { ...environment, FAKE_STUBBORN: "1" });
    await first.until("Ctrl-C\n");
    first.child.kill("SIGKILL");
    await first.ended;
    const second = launcher([], environment);
    await second.until("Waiting for the server-2 of an earlier run");
    for (const pid of await serverPids()) process.kill(pid, "SIGKILL");
    await second.until("Ctrl-C\n");
  });

  it("stops a server that an earlier, killed launcher left behind", async () => {
    const first = launcher([], { ...environment, FAKE_STUBBORN: "1" });
    await first.until("Ctrl-C\n");
    first.child.kill("SIGKILL");
    await first.ended;
    const [server = 0] = await serverPids();
    expect(processStart(server)).not.toBeNull();
    const second = launcher([], environment);
    await second.until(`Waiting for the server of an earlier run (process ${server}) to stop.`);
    process.kill(server, "SIGKILL");
    await second.until("Ctrl-C\n");
  });

  it("hurries when asked a second time", async () => {
    const process_ = launcher([], { ...environment, FAKE_STUBBORN: "1" });
    await process_.until("Ctrl-C\n");
    process_.child.kill("SIGINT");
    await sleep(800);
    process_.child.kill("SIGINT");
    expect(await process_.ended).toBe(0);
    expect(processStart((await serverPids())[0] ?? 0)).toBeNull();
  });

  it("quotes a server that cannot start", async () => {
    const process_ = launcher([], { ...environment, FAKE_FAILURE: "the moon is in the way" });
    expect(await process_.ended).toBe(1);
    expect(process_.output()).toContain(
      "The server ended before it was ready (exit code 1): the moon is in the way (log: ",
    );
    expect(process_.output()).not.toContain("    at ");
  });

  it("says what to do about a database of a newer Muster", async () => {
    await run(
      database.url,
      "insert into drizzle.__drizzle_migrations (hash, created_at) values ('later', 99999999999999)",
    );
    const process_ = launcher([], environment);
    expect(await process_.ended).toBe(1);
    expect(process_.output()).toMatch(/^This data was written by a newer version of Muster\..*\n$/);
  });

  it.each([
    [
      "postgres://someone:secret@127.0.0.1:1/muster",
      /^The database muster on 127\.0\.0\.1:1 cannot be used .*DATABASE_URL.*\n$/,
    ],
    ["mysql://someone:secret@127.0.0.1/muster", /^DATABASE_URL \(or --database-url\) is not valid: .*\n$/],
  ])("answers %s with one sentence, without the password", async (url, sentence) => {
    const process_ = launcher([], { DATABASE_URL: url });
    expect(await process_.ended).toBe(1);
    expect(process_.output()).toMatch(sentence);
    expect(process_.output()).not.toContain("secret");
  });
});

it("names a port that is taken before it starts anything", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as { port: number };
  const process_ = startLauncher(["--data-dir", dataDir], { PORT: String(port) });
  expect(await process_.ended).toBe(1);
  expect(process_.output()).toBe(
    `Port ${port} is already in use: stop what listens there, or choose another one with --port.\n`,
  );
  expect(postmaster()).toBeUndefined();
  server.close();
});

it.each([
  [{ PORT: "abc" }, /'PORT'.*0 to 65535/],
  [{ MUSTER_LOG_LEVEL: "loud" }, /'MUSTER_LOG_LEVEL'.*trace/],
  [{ MUSTER_REPLICAS: "0" }, /'MUSTER_REPLICAS'.*1 to 64/],
  [{ DATABASE_DIRECT_URL: "somewhere" }, /^DATABASE_DIRECT_URL is not valid/],
])("names the variable of a wrong setting %j", async (environment, message) => {
  const process_ = startLauncher([], environment);
  expect(await process_.ended).toBe(1);
  expect(process_.output()).toMatch(message);
});

it("says so when the data folder cannot be made", async () => {
  await writeFile(join(dataDir, "..", "file"), "");
  const process_ = startLauncher(["--port", "0", "--data-dir", join(dataDir, "..", "file", "data")]);
  expect(await process_.ended).toBe(1);
  expect(process_.output()).toMatch(/^The folder .* cannot be written: .*--data-dir\.\n$/);
});
