import { explain } from "./explain.ts";
import { launch } from "./launch.ts";
import { parseSettings } from "./settings.ts";
import { listenForStopSignals } from "./stop-signals.ts";

/** The launcher as a program: reads options and environment, runs Muster, ends the process with 0 or 1. */
export async function run({ serverEntry, root }: { serverEntry: string; root: string }): Promise<never> {
  let dataDir = "";
  const signals = listenForStopSignals();
  // The terminal may be closed while we still stop things in order.
  process.stdout.on("error", () => {});
  process.stderr.on("error", () => {});
  try {
    const settings = parseSettings(process.argv.slice(2), process.env);
    dataDir = settings.dataDir;
    const measures = settings.logLevel === "debug" || settings.logLevel === "trace";
    await launch({
      settings,
      serverEntry,
      root,
      environment: process.env,
      signals,
      say: (lines) => void process.stdout.write(`${lines}\n`),
      reached: (step) => {
        if (measures) process.stdout.write(`${(process.uptime() * 1000).toFixed(0).padStart(6)} ms  ${step}\n`);
      },
    });
    process.exit(0);
  } catch (error) {
    const sentence = explain(error, dataDir);
    process.stderr.write(`${sentence ?? (error instanceof Error ? error.stack : String(error))}\n`);
    process.exit(1);
  }
}
