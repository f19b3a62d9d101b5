/** `npm run soak`: faults for minutes. `-- --seed 42` repeats a schedule, `--minutes 10` says how long. */
import { parseArgs } from "node:util";
import { report } from "./report.ts";
import { runSoak } from "./run-soak.ts";
import { LONG, SHORT } from "./scales.ts";

const MOST_MINUTES = 24 * 60;

const say = (line: string) => process.stdout.write(`${line}\n`);

function readArguments(): { seed: number; minutes: number } {
  const { values } = parseArgs({ options: { seed: { type: "string" }, minutes: { type: "string" } } });
  const seed = Number(values.seed ?? Math.floor(Math.random() * 1_000_000));
  const minutes = Number(values.minutes ?? 5);
  if (!Number.isSafeInteger(seed) || seed < 0) throw new TypeError("--seed must be a whole number from 0.");
  if (!(minutes > 0 && minutes <= MOST_MINUTES))
    throw new TypeError(`--minutes must be above 0, at most ${MOST_MINUTES}.`);
  return { seed, minutes };
}

let options: ReturnType<typeof readArguments>;
try {
  options = readArguments();
} catch (error) {
  say(`${(error as Error).message} Usage: npm run soak -- [--seed 42] [--minutes 10]`);
  process.exit(1);
}

const interrupted = new AbortController();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => {
    if (!interrupted.signal.aborted) say("Stopping what was started.");
    interrupted.abort();
  });
}

const { seed, minutes } = options;
say(
  `Seed ${seed}: faults for ${minutes} minutes. \`npm run soak -- --seed ${seed} --minutes ${minutes}\` repeats the schedule.`,
);
try {
  const outcome = await runSoak({
    seed,
    faultsMs: minutes * 60_000,
    scale: minutes < 3 ? SHORT : LONG,
    say,
    signal: interrupted.signal,
  });
  for (const line of report(outcome)) say(line);
  process.exit(outcome.journal.violations.length === 0 ? 0 : 1);
} catch (error) {
  if (!interrupted.signal.aborted) throw error;
  process.exit(130);
}
