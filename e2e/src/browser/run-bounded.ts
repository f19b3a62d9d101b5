import { spawn } from "node:child_process";
import { once } from "node:events";

export interface BoundedRun {
  readonly environment: NodeJS.ProcessEnv;
  /** After this long the program is asked to end. */
  readonly limitMs: number;
}

/** Runs a program to its end and resolves with null, or with one line that says why it did not succeed. Never rejects. */
export async function runBounded(
  command: readonly [string, ...string[]],
  { environment, limitMs }: BoundedRun,
): Promise<string | null> {
  const [program, ...args] = command;
  const name = args[0] === undefined ? program : `${program} ${args.join(" ")}`;
  try {
    const signal = AbortSignal.timeout(limitMs);
    const child = spawn(program, args, { env: environment, signal, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text) => (output += text));
    const [code, killedBy] = (await once(child, "close")) as [number | null, string | null];
    if (code === 0) return null;
    return `${name}: ${errorLine(output) ?? `ended with ${killedBy ?? `code ${code}`}`}`;
  } catch (error) {
    const { name: kind, message } = error as Error;
    return `${name}: ${kind === "AbortError" ? `took longer than ${limitMs / 1000} s` : message}`;
  }
}

/** The line of a program's output that says what went wrong, as far as one can tell. */
function errorLine(output: string): string | undefined {
  const lines = output
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);
  return lines.find((line) => /^(E:|error)/i.test(line)) ?? lines.at(-1);
}
