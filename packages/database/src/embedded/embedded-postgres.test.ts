import { chmod, mkdir, mkdtemp, readdir, readFile, realpath, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { EmbeddedPostgresError } from "./embedded-postgres-error.ts";
import { processStart } from "@muster/processes/process-identity.ts";
import { type EmbeddedPostgres, startEmbeddedPostgres, stopEmbeddedPostgres } from "./start-embedded-postgres.ts";

let dataDir: string;
const running = new Set<EmbeddedPostgres>();

async function start(options: { port?: number; settings?: Record<string, string> } = {}): Promise<EmbeddedPostgres> {
  const postgres = await startEmbeddedPostgres({ dataDir, ...options });
  running.add(postgres);
  return postgres;
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => {});
  await client.connect();
  try {
    return (await client.query({ text: sql, rowMode: "array" })).rows.flat() as unknown[];
  } finally {
    await client.end();
  }
}

async function faultOf(attempt: Promise<unknown>): Promise<EmbeddedPostgresError> {
  const outcome = await attempt.then(
    () => null,
    (error: unknown) => error,
  );
  expect(outcome).toBeInstanceOf(EmbeddedPostgresError);
  return outcome as EmbeddedPostgresError;
}

beforeEach(async () => {
  const parent = await realpath(await mkdtemp(join(tmpdir(), "muster-embedded-")));
  // As root, PostgreSQL runs as another user, who must be able to pass.
  await chmod(parent, 0o711);
  dataDir = join(parent, "a folder");
});

afterEach(async () => {
  for (const postgres of running) await postgres.stop({ graceMs: 5_000 });
  running.clear();
  await rm(join(dataDir, ".."), { recursive: true, force: true });
});

describe("startEmbeddedPostgres", () => {
  it("is durable, private, listens on 127.0.0.1 only and keeps its data over a restart", async () => {
    const first = await start();
    expect(
      await query(
        first.url,
        `select current_setting(name) from unnest(array['listen_addresses', 'unix_socket_directories', 'fsync',
          'synchronous_commit', 'max_connections', 'server_encoding', 'password_encryption']) name`,
      ),
    ).toEqual(["127.0.0.1", "", "on", "on", "200", "UTF8", "scram-sha-256"]);
    expect((await stat(join(dataDir, "password"))).mode & 0o777).toBe(0o600);
    await expect(query(first.url.replace(/:[^:@]+@/, ":wrong@"), "select 1")).rejects.toThrow(/password/);
    await query(first.url, "create table kept as select 42 as answer");
    await first.stop();
    expect(processStart(first.pid)).toBeNull();
    await expect(query(first.url, "select 1")).rejects.toThrow(/ECONNREFUSED/);

    const second = await start();
    expect(await query(second.url, "select answer from kept")).toEqual([42]);
  });

  it("runs in a session of its own, so that Ctrl-C in our terminal does not reach it", async () => {
    const { pid } = await start();
    const status = await readFile(`/proc/${pid}/stat`, "utf8");
    const [, , processGroup, session] = status.slice(status.lastIndexOf(")") + 2).split(" ");
    expect([processGroup, session]).toEqual([String(pid), String(pid)]);
  });

  it("says when it died, and starts again from what was acknowledged after a SIGKILL", async () => {
    const first = await start();
    await query(first.url, "create table kept as select 42 as answer");
    process.kill(first.pid, "SIGKILL");
    await first.exited;
    const second = await start({ port: first.port });
    expect(second.url).toBe(first.url);
    expect(await query(second.url, "select answer from kept")).toEqual([42]);
  });

  it("refuses a second start on the same folder and leaves the first one alone", async () => {
    const first = await start();
    const fault = await faultOf(startEmbeddedPostgres({ dataDir }));
    expect(fault.code).toBe("IN_USE");
    expect(fault.message).toContain(`process ${process.pid}`);
    expect(await stopEmbeddedPostgres(dataDir)).toBe(false);
    expect(await query(first.url, "select 1")).toEqual([1]);
  });

  it("lets one of several simultaneous starts win", async () => {
    const outcomes = await Promise.allSettled([start(), start(), start(), start()]);
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    for (const outcome of outcomes) {
      if (outcome.status === "rejected") expect(outcome.reason).toMatchObject({ code: "IN_USE" });
    }
  });

  it("stops what a killed owner left running and takes over its data", async () => {
    const first = await start();
    await query(first.url, "create table kept as select 42 as answer");
    await orphan();
    const lines: string[] = [];
    const second = await startEmbeddedPostgres({ dataDir, log: (line) => lines.push(line) });
    running.add(second);
    expect(lines).toEqual(["Stopping the PostgreSQL that an earlier run left behind."]);
    expect(processStart(first.pid)).toBeNull();
    expect(await query(second.url, "select answer from kept")).toEqual([42]);
  });

  it("is not held up by a postmaster.pid whose number another process of the same user got", async () => {
    const first = await start();
    await first.stop();
    // The second process of the running cluster is a stranger to the stopped one, and belongs to the same user.
    const stranger = await startEmbeddedPostgres({ dataDir: join(dataDir, "..", "another") });
    running.add(stranger);
    const file = [stranger.pid, join(dataDir, "cluster"), 1, first.port, "", "127.0.0.1", " 1 1", "ready   ", ""];
    await writeFile(join(dataDir, "cluster", "postmaster.pid"), file.join("\n"));
    const second = await start();
    expect(await query(second.url, "select 1")).toEqual([1]);
    expect(await query(stranger.url, "select 1")).toEqual([1]);
  });

  it("makes the cluster anew when an earlier attempt ended half-way", async () => {
    await mkdir(join(dataDir, "cluster.new-abc", "base"), { recursive: true });
    await mkdir(join(dataDir, "cluster", "base"), { recursive: true });
    await writeFile(join(dataDir, "cluster", "postgresql.conf"), "");
    const postgres = await start();
    expect(await query(postgres.url, "select 1")).toEqual([1]);
    expect((await readdir(dataDir)).filter((name) => name.startsWith("cluster.new"))).toEqual([]);
  });

  it.each([
    ["19", "OTHER_VERSION", /made by PostgreSQL 19.*--data-dir/],
    ["", "DAMAGED", /damaged/],
  ])("leaves a data folder with PG_VERSION %j alone", async (version, code, message) => {
    await mkdir(join(dataDir, "cluster", "global"), { recursive: true });
    await writeFile(join(dataDir, "cluster", "global", "pg_control"), "data");
    if (version) await writeFile(join(dataDir, "cluster", "PG_VERSION"), `${version}\n`);
    const fault = await faultOf(start());
    expect(fault).toMatchObject({ code, message: expect.stringMatching(message) as string });
    expect(await readFile(join(dataDir, "cluster", "global", "pg_control"), "utf8")).toBe("data");
  });

  it("names a port that is taken", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as { port: number };
    try {
      expect(await faultOf(start({ port }))).toMatchObject({
        code: "PORT_TAKEN",
        message: expect.stringContaining(`Port ${port} `) as string,
      });
    } finally {
      server.close();
    }
  });

  it("quotes PostgreSQL's last words and the log's path when it does not start, and frees the folder", async () => {
    const fault = await faultOf(start({ settings: { max_connections: "many" } }));
    expect(fault.code).toBe("NOT_STARTED");
    expect(fault.message).toContain('invalid value for parameter "max_connections": "many"');
    expect(fault.message).toContain(join(dataDir, "postgres.log"));
    expect(await query((await start()).url, "select 1")).toEqual([1]);
  });

  it("says so when the folder cannot be made", async () => {
    await writeFile(join(dataDir, "..", "file"), "");
    const fault = await faultOf(startEmbeddedPostgres({ dataDir: join(dataDir, "..", "file", "data") }));
    expect(fault).toMatchObject({ code: "NOT_WRITABLE", message: expect.stringContaining("--data-dir") as string });
  });
});

describe("stopEmbeddedPostgres", () => {
  it("stops it for an owner that is dead", async () => {
    const first = await start();
    await orphan();
    expect(await stopEmbeddedPostgres(dataDir)).toBe(true);
    expect(processStart(first.pid)).toBeNull();
    expect(await stopEmbeddedPostgres(dataDir)).toBe(false);
  });
});

/** Makes the lock look as if its holder had died. */
async function orphan(): Promise<void> {
  for (const entry of await readdir(dataDir)) {
    if (entry.includes(".lock.")) await writeFile(join(dataDir, entry), `${process.pid} an-earlier-start`);
  }
}
