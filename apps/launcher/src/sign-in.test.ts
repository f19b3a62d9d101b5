import { spawnSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, it } from "vitest";

const PROGRAM = fileURLToPath(new URL("./sign-in.ts", import.meta.url));

let dataDir: string;
let server: Server;
let port: number;
let asked: IncomingMessage[];

/** Answers as the server does to the key "right". */
beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), "muster-sign-in-"));
  asked = [];
  server = createServer((request, response) => {
    asked.push(request);
    const { url, headers } = request;
    if (url !== "/auth/sign-in-links") return void response.writeHead(404).end("what?");
    if (headers.authorization !== "Bearer right") return void response.writeHead(401).end("{}");
    response.writeHead(201, { "content-type": "application/json" });
    response.end(JSON.stringify({ url: `http://${headers.host}/sign-in#link=once`, expiresAt: new Date() }));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  ({ port } = server.address() as { port: number });
});
afterEach(() => {
  server.close();
  rmSync(dataDir, { recursive: true });
});

/** Runs it; the exit code and what it wrote, both streams. */
async function signIn(environment: NodeJS.ProcessEnv = {}, args: readonly string[] = []): Promise<[number, string]> {
  const { MUSTER_BOOTSTRAP_KEY: _key, ...inherited } = process.env;
  const child = spawn(process.execPath, [PROGRAM, "--data-dir", dataDir, ...args], {
    env: { ...inherited, PORT: String(port), ...environment },
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  const [code] = (await once(child, "close")) as [number];
  return [code, output];
}

it("prints a link, asked for with the key of the data folder or of the environment", async () => {
  writeFileSync(join(dataDir, "bootstrap-key"), "right\n");
  const printed = [0, `http://127.0.0.1:${port}/sign-in#link=once\n`];
  expect(await signIn()).toEqual(printed);
  expect(await signIn({}, ["--host", "0.0.0.0"])).toEqual(printed);
  rmSync(join(dataDir, "bootstrap-key"));
  expect(await signIn({ MUSTER_BOOTSTRAP_KEY: "right" })).toEqual(printed);
  expect(asked.map(({ method }) => method)).toEqual(["POST", "POST", "POST"]);
});

it("says in one sentence that there is no key, or a wrong one", async () => {
  expect(await signIn()).toEqual([
    1,
    `There is no key in ${join(dataDir, "bootstrap-key")}: give the --data-dir that Muster runs with, or set MUSTER_BOOTSTRAP_KEY.\n`,
  ]);
  writeFileSync(join(dataDir, "bootstrap-key"), "wrong");
  const [code, output] = await signIn();
  expect(code).toBe(1);
  expect(output).toMatch(/^The Muster at \S+ does not accept the key kept in .*: give the --data-dir .*\.\n$/);
  expect((await signIn({ MUSTER_BOOTSTRAP_KEY: "wrong" }))[1]).toMatch(/the key in MUSTER_BOOTSTRAP_KEY: /);
});

it("says in one sentence that nothing answers there, or something that is not Muster", async () => {
  const other = createServer((_request, response) => void response.end("hello")).listen(0, "127.0.0.1");
  await once(other, "listening");
  const { port: elsewhere } = other.address() as { port: number };
  const key = { MUSTER_BOOTSTRAP_KEY: "right", PORT: String(elsewhere) };
  const [code, output] = await signIn(key);
  expect(code).toBe(1);
  expect(output).toMatch(/^What answers at \S+ gave no sign-in link \(status 200\): .*\.\n$/);
  other.close();
  await once(other, "close");
  expect(await signIn(key)).toEqual([
    1,
    `Nothing answers at http://127.0.0.1:${elsewhere}: start Muster with \`npm start\`, or give the --port and --host that it runs with.\n`,
  ]);
});

it("lists its options", () => {
  const { stdout } = spawnSync(process.execPath, [PROGRAM, "--help"], { encoding: "utf8" });
  expect(stdout).toMatch(/--port [^]* PORT\)[^]*--host [^]*MUSTER_HOST\)[^]*--data-dir [^]*MUSTER_DATA_DIR\)/);
});
