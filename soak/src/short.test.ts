import { expect, it, onTestFinished } from "vitest";
import { report } from "./report.ts";
import { runSoak } from "./run-soak.ts";
import { FAULTS } from "./schedule.ts";
import { SHORT } from "./scales.ts";

it("loses, repeats and disorders nothing on three replicas under every fault", async () => {
  const seed = Math.floor(Math.random() * 1_000_000);
  const lines = [`npm run soak -- --seed ${seed} --minutes 1`];
  const stopped = new AbortController();
  onTestFinished(() => stopped.abort());
  const outcome = await runSoak({
    seed,
    faultsMs: 0,
    scale: SHORT,
    say: (line) => lines.push(line),
    signal: stopped.signal,
  });
  lines.push(...report(outcome));
  process.stdout.write(`${lines.join("\n")}\n`);
  expect(outcome.journal.violations).toEqual([]);
  expect(FAULTS.filter(({ name }) => !outcome.journal.injections.has(name))).toEqual([]);
  expect(outcome.validated.deliveries).toBeGreaterThan(1_000);
}, 240_000);
