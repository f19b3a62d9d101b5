import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { createWriteStream, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { takeInstallLock } from "./install-lock.mjs";

const PNPM = "pnpm@10.34.9";

/**
 * Installs the dependencies unless those that are there were installed from the same manifests. Says whether it did.
 * A warm start only reads files. Throws an error whose message is a sentence for the person.
 */
export async function ensureInstalled(root) {
  const modules = join(root, "node_modules");
  const marker = join(modules, ".muster-install");
  const wanted = fingerprint(root);
  const isInstalled = () => existsSync(marker) && readFileSync(marker, "utf8") === wanted;
  if (isInstalled()) return false;

  const logFile = join(modules, ".muster-install.log");
  try {
    mkdirSync(modules, { recursive: true });
    const release = await takeInstallLock(modules, () => say("Another start is installing; waiting for it."));
    try {
      // The one that we waited for may have done it.
      if (isInstalled()) return false;
      await runPnpm(root, logFile);
      writeFileSync(marker, wanted);
      return true;
    } finally {
      release();
    }
  } catch (error) {
    throw new Error(explain(`${error.code ?? ""} ${error.message}`, root, logFile), { cause: error });
  }
}

/** npm's settings reach its children as variables, and newer versions warn about each one they do not know. */
export function cleanEnvironment() {
  const useful = /^npm_config_(registry|userconfig|globalconfig|cache|proxy|https_proxy|noproxy|cafile|strict_ssl)$/i;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name) || useful.test(name)));
}

/** Resolves when everything is installed; throws an error with the end of pnpm's output. */
async function runPnpm(root, logFile) {
  const terminal = process.stderr.isTTY;
  if (!terminal) say("Installing dependencies.");
  const [program, ...before] = npx();
  const child = spawn(program, [...before, "--yes", PNPM, "install", "--frozen-lockfile", "--reporter=append-only"], {
    cwd: root,
    // Asks nothing: there may be nobody to answer.
    env: { ...cleanEnvironment(), CI: "true" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const log = createWriteStream(logFile).on("error", () => {});
  const stop = () => child.kill("SIGTERM");
  process.once("SIGTERM", stop);
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text) => {
      log.write(text);
      output = (output + text).slice(-20_000);
      const [progress] = [...text.matchAll(/Progress: resolved (\d+).* added (\d+)/g)].slice(-1);
      if (terminal && progress) say(`Installing dependencies: ${progress[2]} of ${progress[1]}`, "");
    });
  }
  const [code, signal] = await once(child, "close");
  process.off("SIGTERM", stop);
  log.end();
  if (terminal) say("", "");
  if (code !== 0) throw new Error(`${output}\npnpm ended with ${signal ?? `exit code ${code}`}`);
}

/** npm's own npx when npm started us, else the one on the PATH. */
function npx() {
  const script = process.env.npm_execpath && join(dirname(process.env.npm_execpath), "npx-cli.js");
  return script && existsSync(script) ? [process.execPath, script] : ["npx"];
}

/** What the installed packages depend on: the lock file, every manifest of the workspace, the platform. */
function fingerprint(root) {
  const hash = createHash("sha256").update(`${PNPM} ${process.platform} ${process.arch}`);
  for (const file of ["pnpm-lock.yaml", "pnpm-workspace.yaml", ...manifests(root)]) {
    hash.update(`\0${file}\0`).update(readFileSync(join(root, file)));
  }
  return hash.digest("hex");
}

function manifests(root) {
  const workspace = readFileSync(join(root, "pnpm-workspace.yaml"), "utf8");
  const list = /^packages:\n((?:[ \t]+- .*\n)+)/m.exec(workspace)?.[1] ?? "";
  const folders = [...list.matchAll(/- ["']?([^"'\n]+)/g)].flatMap(([, pattern]) => {
    if (!pattern.endsWith("/*")) return [pattern];
    const group = pattern.slice(0, -2);
    return existsSync(join(root, group)) ? readdirSync(join(root, group)).map((name) => `${group}/${name}`) : [];
  });
  return ["", ...folders]
    .map((folder) => join(folder, "package.json"))
    .filter((file) => existsSync(join(root, file)))
    .sort();
}

function explain(problem, root, logFile) {
  const see = existsSync(logFile) ? ` (log: ${logFile})` : "";
  if (/ENOSPC|EDQUOT|no space left/i.test(problem)) return `The disk is full: free some space and start again${see}.`;
  if (/OUTDATED_LOCKFILE/.test(problem)) {
    return `pnpm-lock.yaml does not match the package.json files: run \`npx ${PNPM} install --no-frozen-lockfile\`${see}.`;
  }
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH|ECONNRESET|META_FETCH_FAIL/.test(problem)) {
    return `The package registry cannot be reached: check the network and npm's registry setting, then start again${see}.`;
  }
  if (/EACCES|EPERM|EROFS/.test(problem)) {
    return `The folder ${root} cannot be written: change its permissions, or start as the user who owns it${see}.`;
  }
  const lines = problem.split("\n").map((line) => line.trim());
  const telling =
    lines.find((line) => /ERR_|^npm error|\berror\b/i.test(line)) ?? lines.findLast((line) => line !== "");
  return `The dependencies could not be installed: ${telling}${see}`;
}

/** On a terminal an empty `ending` keeps the line open, to be written over. */
function say(text, ending = "\n") {
  process.stderr.write(`${process.stderr.isTTY ? "\r\u001B[K" : ""}${text}${ending}`);
}
