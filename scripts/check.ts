/** `npm run check`: everything that can be said about the code without running it. The steps run side by side. */
import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

interface Step {
  readonly name: string;
  /** A program in node_modules/.bin, or `node`, and its arguments. */
  readonly command: readonly [string, ...string[]];
  /** What it prints is worth reading also when it passed. */
  readonly tells?: boolean;
}

const STEPS: readonly Step[] = [
  { name: "types of the packages", command: ["turbo", "run", "typecheck", "--output-logs=errors-only"] },
  { name: "types of the scripts", command: ["tsc", "-p", "."] },
  { name: "lint", command: ["oxlint"] },
  { name: "format", command: ["oxfmt", "--check"] },
  { name: "unused code", command: ["knip"] },
  { name: "generated files", command: ["node", "scripts/generate.ts", "--check"] },
  { name: "migrations", command: ["drizzle-kit", "check"] },
  { name: "scripts of the console's pages", command: ["node", "scripts/console-size.ts"], tells: true },
];

const children = new Set<ChildProcess>();
process.on("SIGTERM", () => {
  for (const child of children) child.kill("SIGTERM");
});

function run({ name, command: [program, ...args], tells = false }: Step): Promise<boolean> {
  const begun = performance.now();
  const path = program === "node" ? process.execPath : join(root, "node_modules", ".bin", program);
  const child = spawn(path, args, {
    cwd: root,
    env: { ...process.env, TURBO_TELEMETRY_DISABLED: "1", NO_UPDATE_NOTIFIER: "1" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  children.add(child);
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  const { promise, resolve } = Promise.withResolvers<boolean>();
  child.on("error", (error) => {
    output += error.message;
    resolve(false);
  });
  child.on("close", (code, signal) => {
    children.delete(child);
    const time = `${((performance.now() - begun) / 1000).toFixed(1)} s`.padStart(8);
    if (code === 0) {
      process.stdout.write(`ok     ${time}  ${name}\n`);
      if (tells) process.stdout.write(`${output.trimEnd()}\n`);
    } else {
      process.stdout.write(
        `FAILED ${time}  ${name}: ${program} ${args.join(" ")} (${signal ?? `exit code ${code}`})\n\n`,
      );
      process.stdout.write(`${output.trimEnd()}\n\n`);
    }
    resolve(code === 0);
  });
  return promise;
}

const outcomes = await Promise.all(STEPS.map(run));
const failures = outcomes.filter((passed) => !passed).length;
process.stdout.write(failures === 0 ? "All checks passed.\n" : `${failures} of ${STEPS.length} checks failed.\n`);
process.exit(failures === 0 ? 0 : 1);
