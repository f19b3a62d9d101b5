/**
 * `npm test`: runs every test and ends with the line "N passed, N failed". Arguments go to vitest: a part of a path
 * chooses files, `-t` chooses tests by name. After a run of everything, the few files that failed are run once more by themselves.
 */
import { runVitest, ROOT } from "./run-vitest.ts";
import { filesToRunAgain, lookAgain } from "./test-again.ts";
import { sentence, type TestOutcome } from "./test-outcome.ts";

const args = process.argv.slice(2);
const say = (line: string) => process.stdout.write(`${line}\n`);
const terminated = new AbortController();
let interrupted = false;
// Ctrl-C reaches vitest by itself, which then stops what it started.
process.on("SIGINT", () => (interrupted = true));
process.on("SIGTERM", () => terminated.abort());
const stopped = () => interrupted || terminated.signal.aborted;

const { outcome: first, code } = await runVitest(args, terminated.signal);
let outcome = first;
let lines: readonly string[] = [];
const files = args.length === 0 && !stopped() ? filesToRunAgain(first) : [];
if (files.length > 0) {
  say(`\n${sentence(first)}. What failed is run again, one file at a time.`);
  const again = new Map<string, TestOutcome>();
  for (const file of files) {
    if (stopped()) break;
    again.set(file, (await runVitest([file], terminated.signal)).outcome);
  }
  ({ outcome, lines } = lookAgain(first, again, ROOT));
}
for (const problem of outcome.problems) say(problem);
if (lines.length > 0) say("");
for (const line of lines) say(line);
say(`\n${sentence(outcome)}`);
process.exit(outcome.failed > 0 ? code || 1 : 0);
