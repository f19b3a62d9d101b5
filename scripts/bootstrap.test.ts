import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import {
  appendFileSync,
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";

/** Stands for npm's npx: notes that it was called and lays out what an install leaves behind. */
const NPX = `#!/bin/sh
echo "$@" >> "$NPX_TRACE"
test -n "$NPX_FAILURE" && { echo "$NPX_FAILURE"; exit 1; }
sleep 0.3
mkdir -p node_modules/node/bin node_modules/.bin
ln -sf "$REAL_NODE" node_modules/node/bin/node
printf '#!/bin/sh\\nexit 9\\n' > node_modules/.bin/node
printf '#!/bin/sh\\necho "tool $*"\\n' > node_modules/.bin/tool
chmod +x node_modules/.bin/*
`;

let root: string;
let bin: string;

beforeEach(() => {
  const parent = mkdtempSync(join(tmpdir(), "muster-bootstrap-"));
  root = join(parent, "a project");
  bin = join(parent, "bin");
  mkdirSync(join(root, "packages", "one"), { recursive: true });
  mkdirSync(bin);
  writeFileSync(join(bin, "npx"), NPX);
  chmodSync(join(bin, "npx"), 0o755);
  mkdirSync(join(root, "scripts"));
  for (const file of ["bootstrap.mjs", "install.mjs", "install-lock.mjs"]) {
    cpSync(new URL(file, import.meta.url), join(root, "scripts", file));
  }
  writeFileSync(join(root, "package.json"), "{}");
  writeFileSync(join(root, "packages", "one", "package.json"), "{}");
  writeFileSync(join(root, "pnpm-lock.yaml"), "lock\n");
  writeFileSync(join(root, "pnpm-workspace.yaml"), "packages:\n  - packages/*\n\ncatalog: {}\n");
  writeFileSync(join(root, "program.mjs"), "console.log(JSON.stringify(process.argv.slice(2)));");
});
afterEach(() => rmSync(join(root, ".."), { recursive: true, force: true }));

function start(args: readonly string[], environment: NodeJS.ProcessEnv = {}): ChildProcess {
  const { npm_execpath: _, ...inherited } = process.env;
  return spawn(process.execPath, [join(root, "scripts", "bootstrap.mjs"), ...args], {
    env: {
      ...inherited,
      PATH: [bin, process.env["PATH"]].join(delimiter),
      NPX_TRACE: join(root, "npx-trace"),
      REAL_NODE: process.execPath,
      CI: "true",
      ...environment,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

async function outcome(child: ChildProcess): Promise<{ code: number; output: string; errors: string }> {
  let output = "";
  let errors = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => (output += text));
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (errors += text));
  const [code] = (await once(child, "close")) as [number];
  return { code, output, errors };
}

function installs(): string[] {
  return existsSync(join(root, "npx-trace")) ? readFileSync(join(root, "npx-trace"), "utf8").trim().split("\n") : [];
}

it("installs once, runs the script with its arguments, and stays away from the package manager afterwards", async () => {
  const cold = await outcome(start(["program.mjs", "--port", "1 2"]));
  expect(cold).toEqual({ code: 0, output: '["--port","1 2"]\n', errors: "Installing dependencies.\n" });
  expect(installs()).toEqual(["--yes pnpm@10.34.9 install --frozen-lockfile --reporter=append-only"]);
  const warm = await outcome(start(["program.mjs"]));
  expect(warm).toEqual({ code: 0, output: "[]\n", errors: "" });
  expect(installs()).toHaveLength(1);
});

it.each(["pnpm-lock.yaml", "package.json", "packages/one/package.json"])(
  "installs again when %s changed",
  async (file) => {
    await outcome(start(["program.mjs"]));
    appendFileSync(join(root, file), "\n");
    await outcome(start(["program.mjs"]));
    expect(installs()).toHaveLength(2);
  },
);

it("installs once for several starts at the same time, also after one was killed meanwhile", async () => {
  const killed = start(["program.mjs"]);
  await expect.poll(() => installs().length).toBe(1);
  killed.kill("SIGKILL");
  const outcomes = await Promise.all([1, 2, 3, 4].map(() => outcome(start(["program.mjs"]))));
  expect(outcomes.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
  expect(installs()).toHaveLength(2);
});

it("puts the pinned Node in the place of the script that the package manager made", async () => {
  await outcome(start(["program.mjs"]));
  writeFileSync(join(root, "program.mjs"), `import { execSync } from "node:child_process"; execSync("node -v");`);
  expect(await outcome(start(["program.mjs"]))).toMatchObject({ code: 0 });
});

it("runs an installed tool", async () => {
  expect(await outcome(start(["--bin", "tool", "a", "b"]))).toMatchObject({ code: 0, output: "tool a b\n" });
});

it.each([
  ["ENOSPC: no space left on device", /^The disk is full: .*log: /],
  ["ERR_PNPM_META_FETCH_FAIL GET https://x: ECONNREFUSED", /^The package registry cannot be reached/],
  ["ERR_PNPM_OUTDATED_LOCKFILE Cannot install", /^pnpm-lock.yaml does not match.*pnpm@10/],
  ["all fine\nERR_PNPM_STRANGE It rained\nbye", /could not be installed: ERR_PNPM_STRANGE It rained \(log: /],
])("says in one sentence why it could not install: %j", async (failure, sentence) => {
  const { code, errors } = await outcome(start(["program.mjs"], { NPX_FAILURE: failure }));
  expect(code).toBe(1);
  const lines = errors.trim().split("\n").slice(1);
  expect(lines).toEqual([expect.stringMatching(sentence)]);
});

it("gives the script's exit code back", async () => {
  writeFileSync(join(root, "program.mjs"), "process.exit(7);");
  expect(await outcome(start(["program.mjs"]))).toMatchObject({ code: 7 });
});

it.each(["SIGTERM", "SIGINT"] as const)(
  "passes %s on and waits for the script to end in its own way",
  async (signal) => {
    writeFileSync(
      join(root, "program.mjs"),
      `process.on("${signal}", () => setTimeout(() => process.exit(5), 200)); setInterval(() => {}, 1000); console.log("up");`,
    );
    const child = start(["program.mjs"]);
    await new Promise((resolve) => child.stdout?.once("data", resolve));
    child.kill(signal);
    expect(await outcome(child)).toMatchObject({ code: 5 });
  },
);
