import { spawnSync } from "node:child_process";
import { expect, it } from "vitest";

/** Sends itself SIGINT at these times (ms) and prints what was asked for after each. */
function asked(times: readonly number[]): string {
  const program = `
    import { setTimeout as sleep } from "node:timers/promises";
    import { listenForStopSignals } from ${JSON.stringify(new URL("./stop-signals.ts", import.meta.url).href)};
    const { stop, hurry } = listenForStopSignals();
    let now = 0;
    for (const time of ${JSON.stringify(times)}) {
      await sleep(time - now);
      now = time;
      process.kill(process.pid, "SIGINT");
      await sleep(20);
      console.log(hurry.aborted ? "hurry" : stop.aborted ? "stop" : "nothing");
    }`;
  return spawnSync(process.execPath, ["--input-type=module", "-e", program], { encoding: "utf8" }).stdout;
}

it("takes the signal of the terminal and the same one passed on by npm as one request", () => {
  expect(asked([0, 50])).toBe("stop\nstop\n");
});

it("hurries when it is asked again", () => {
  expect(asked([0, 700])).toBe("stop\nhurry\n");
});
