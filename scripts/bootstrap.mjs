// Runs a program of this project under its pinned Node, after installing what is missing:
//   node scripts/bootstrap.mjs <script> [arguments]
//   node scripts/bootstrap.mjs --bin <name> [arguments]
// Plain JavaScript without dependencies, because it is there before anything is installed. It runs under any Node ≥ 20.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, lstatSync, rmSync, symlinkSync } from "node:fs";
import { constants } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { cleanEnvironment, ensureInstalled } from "./install.mjs";

const LEAST_NODE = 20;
const root = fileURLToPath(new URL("..", import.meta.url));
const modules = join(root, "node_modules");
const node = join(modules, "node", "bin", "node");

async function main() {
  if (Number.parseInt(process.versions.node, 10) < LEAST_NODE) {
    fail(`Muster needs Node ${LEAST_NODE} or newer to begin with; this is ${process.version}. See https://nodejs.org.`);
  }
  const installed = await ensureInstalled(root).catch((error) => fail(error.message));
  if (!existsSync(node)) {
    fail(`The pinned Node is missing from ${modules}: delete that folder and start again.`);
  }
  linkNode();
  if (installed) installHooks();

  const [first, ...rest] = process.argv.slice(2);
  const child =
    first === "--bin"
      ? run(join(modules, ".bin", rest[0] ?? ""), rest.slice(1))
      : run(node, [resolve(root, first ?? ""), ...rest]);
  passSignalsTo(child);
  child.on("error", (error) => fail(`${first} could not be started: ${error.message}`));
  child.on("exit", (code, signal) => process.exit(signal ? 128 + constants.signals[signal] : code));
}

function run(program, args) {
  const environment = cleanEnvironment();
  return spawn(program, args, {
    stdio: "inherit",
    env: {
      ...environment,
      PATH: [join(modules, ".bin"), environment.PATH].join(delimiter),
      // What Node compiled is kept, so that the next start need not do it again.
      NODE_COMPILE_CACHE: environment.NODE_COMPILE_CACHE ?? join(modules, ".cache", "node-compile"),
    },
  });
}

/**
 * Ctrl-C in a terminal reaches the child by itself, which then stops in its own order: we only wait for it. Without a
 * terminal, and for signals that are sent to us alone, we pass them on.
 */
function passSignalsTo(child) {
  const hasTerminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY;
  for (const signal of ["SIGINT", "SIGHUP"]) {
    process.on(signal, () => {
      if (!hasTerminal) child.kill(signal);
    });
  }
  process.on("SIGTERM", () => child.kill("SIGTERM"));
}

/**
 * The package manager's `.bin/node` is a shell script that stays in between and dies of a signal before its child does;
 * `npm start` would return while things still stop. The program itself takes its place.
 */
function linkNode() {
  const file = join(modules, ".bin", "node");
  try {
    if (lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink()) return;
    rmSync(file, { force: true });
    symlinkSync(join("..", "node", "bin", "node"), file);
  } catch {
    // A folder of somebody else's; the script works too, most of the time.
  }
}

/** Best effort: no git, no hooks. */
function installHooks() {
  if (!existsSync(join(root, ".git")) || process.env.CI) return;
  spawnSync(join(modules, ".bin", "lefthook"), ["install"], { cwd: root, stdio: "ignore" });
}

function fail(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}

await main();
