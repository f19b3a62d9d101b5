import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { processStart } from "@muster/processes/process-identity.ts";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type ConsoleTree, createConsoleTree } from "../test/console-tree.ts";
import { provideConsoleBuild, type ProvidedBuild } from "./provide-console-build.ts";

let folder: string;
let tree: ConsoleTree;
let said: string[];
const children: ChildProcess[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "muster-console-"));
  chmodSync(folder, 0o755);
  tree = createConsoleTree(join(folder, "a tree"));
  said = [];
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

function provide(stop: AbortSignal = new AbortController().signal): Promise<ProvidedBuild> {
  return provideConsoleBuild({
    root: tree.root,
    environment: process.env,
    logFile: join(folder, "build.log"),
    say: (line) => said.push(line),
    stop,
  });
}

/** The same in a process of its own, which prints what was said and the folder it got, and lives until it is killed. */
function provideElsewhere(): { child: ChildProcess; until: (pattern: RegExp) => Promise<string> } {
  const program = `
    import { provideConsoleBuild } from ${JSON.stringify(new URL("./provide-console-build.ts", import.meta.url).href)};
    const [root, logFile] = process.argv.slice(1);
    const { distDir } = await provideConsoleBuild({
      root, logFile, environment: process.env, say: console.log, stop: new AbortController().signal,
    });
    console.log("got " + distDir);
    setInterval(() => {}, 60_000);`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", program, tree.root, join(folder, "x.log")], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.push(child);
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  return {
    child,
    async until(pattern) {
      await expect.poll(() => output, { timeout: 15_000 }).toMatch(pattern);
      return output;
    },
  };
}

function page({ distDir }: { distDir: string }): string {
  return readFileSync(join(tree.root, "apps", "console", distDir, "page"), "utf8");
}

function folders(): string[] {
  return readdirSync(tree.builds).filter((name) => !name.includes(".lock."));
}

it("builds once, saying so, and again only after a change of what goes in", async () => {
  expect(page(await provide())).toBe("first");
  expect(said).toEqual(["Building the console, about 15 s, only after a change."]);
  expect(page(await provide())).toBe("first");
  const indifferent = ["apps/console/src/page.test.tsx", "apps/console/next-env.d.ts", "apps/console/node_modules/x"];
  for (const file of indifferent) writeFileSync(join(tree.root, file), "x");
  await provide();
  expect(tree.builders()).toHaveLength(1);

  const inputs = ["apps/console/next.config.ts", "packages/client/src/x.ts", "schema.graphql", "pnpm-lock.yaml"];
  for (const [index, file] of inputs.entries()) {
    writeFileSync(join(tree.root, file), "x");
    await provide();
    expect(tree.builders()).toHaveLength(2 + index);
  }
  expect(said.at(-1)).toBe("Building the console, about 1 s, only after a change.");
});

it("is made by one of several that want it at once; the others wait and use it", async () => {
  tree.write("slow");
  const outputs = await Promise.all([1, 2, 3].map(() => provideElsewhere().until(/got/)));
  expect(tree.builders()).toHaveLength(1);
  expect(outputs.filter((output) => output.startsWith("Building"))).toHaveLength(1);
  expect(outputs.filter((output) => output.startsWith("Another start is building the console"))).toHaveLength(2);
  expect(new Set(outputs.map((output) => /got .*/.exec(output)?.[0])).size).toBe(1);
});

it("is not half of one: a killed launcher takes its builder with it, and the next one builds anew", async () => {
  tree.write("slow");
  const { child } = provideElsewhere();
  await expect.poll(() => tree.builders().length, { timeout: 10_000 }).toBe(1);
  await expect.poll(() => folders().some((name) => existsSync(join(tree.builds, name, "dist", "half")))).toBe(true);
  const [half = ""] = folders();
  const [builder = 0] = tree.builders();
  child.kill("SIGKILL");
  await once(child, "exit");
  await expect.poll(() => processStart(builder)).toBeNull();

  expect(page(await provide())).toBe("slow");
  expect(tree.builders()).toHaveLength(2);
  expect(folders()).not.toContain(half);
});

it("fails with a sentence that names the log, and is tried again", async () => {
  tree.write("wrong");
  await expect(provide()).rejects.toMatchObject({
    name: "LauncherError",
    message: `The console could not be built (exit code 1): the reason is in ${join(folder, "build.log")}; --no-console starts Muster without it.`,
  });
  expect(readFileSync(join(folder, "build.log"), "utf8")).toBe("Error: that is wrong\n");
  expect(folders()).toEqual([]);
  await expect(provide()).rejects.toThrow("exit code 1");
  expect(tree.builders()).toHaveLength(2);
});

it("fails when its builder is killed", async () => {
  tree.write("slow");
  const providing = provide().catch((error: Error) => error.message);
  await expect.poll(() => tree.builders().length, { timeout: 10_000 }).toBe(1);
  process.kill(tree.builders()[0] ?? 0, "SIGKILL");
  expect(await providing).toContain("could not be built (SIGKILL)");
  expect(folders()).toEqual([]);
});

it("gives up when it is told to stop, while it builds and while it waits", async () => {
  tree.write("slow");
  const stop = new AbortController();
  const outcomes = Promise.allSettled([provide(stop.signal), provide(stop.signal)]);
  await expect.poll(() => said.length, { timeout: 10_000 }).toBe(2);
  const [builder = 0] = tree.builders();
  stop.abort();
  const reasons = (await outcomes).map((outcome) => String((outcome as PromiseRejectedResult).reason));
  expect(reasons).toEqual([
    expect.stringContaining("could not be built (interrupted)"),
    expect.stringContaining("Waiting for the console's build was interrupted."),
  ]);
  expect(processStart(builder)).toBeNull();
});

it("does not stand for sources that changed while it was made", async () => {
  tree.write("slow");
  const providing = provide();
  await expect.poll(() => tree.builders().length, { timeout: 10_000 }).toBe(1);
  tree.write("other");
  const mixed = await providing;
  expect(page(mixed)).toBe("slow");
  tree.write("slow");
  expect((await provide()).distDir).not.toBe(mixed.distDir);
  expect(page(mixed)).toBe("slow");
});

it("stays while it is used; of the others the newest two stay", async () => {
  const used = await provide();
  const contents = ["second", "third", "fourth"];
  const builds: ProvidedBuild[] = [];
  for (const content of contents) {
    tree.write(content);
    const build = await provide();
    build.release();
    builds.push(build);
  }
  expect(page(used)).toBe("first");
  expect(builds.map(({ distDir }) => existsSync(join(tree.root, "apps", "console", distDir)))).toEqual([
    false,
    true,
    true,
  ]);
  used.release();
  (await provide()).release();
  expect(folders()).toHaveLength(2);
});

it("is used from a tree that cannot be written, and missed with a sentence", async () => {
  (await provide()).release();
  await asSomebodyElse(async () => expect(page(await provide())).toBe("first"));
  tree.write("second");
  await asSomebodyElse(() =>
    expect(provide()).rejects.toThrow(
      `The console has to be built, but ${tree.builds} cannot be written: start once as the user who owns it, or use --no-console.`,
    ),
  );
  rmSync(tree.builds, { recursive: true });
  await asSomebodyElse(() => expect(provide()).rejects.toThrow("cannot be written"));
  mkdirSync(tree.builds);
});

/** Root may write everywhere, so there it becomes nobody for the while. */
async function asSomebodyElse(work: () => Promise<unknown>): Promise<void> {
  const isRoot = process.geteuid?.() === 0;
  const console = join(tree.root, "apps", "console");
  const locked = [console, tree.builds].filter((path) => existsSync(path));
  for (const path of locked) chmodSync(path, 0o555);
  if (isRoot) process.seteuid?.(65_534);
  try {
    await work();
  } finally {
    if (isRoot) process.seteuid?.(0);
    for (const path of locked) chmodSync(path, 0o755);
  }
}
