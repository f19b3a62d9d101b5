import { expect, it, onTestFinished } from "vitest";
import { createConnectionGate } from "./connection-gate.ts";

const forever = new AbortController().signal;

function gateWith(random: () => number, stableAfterMs?: number) {
  const gate = createConnectionGate({ baseMs: 40, maxMs: 400, random }, stableAfterMs);
  onTestFinished(() => gate.close());
  return gate;
}

async function waitOf(gate: ReturnType<typeof gateWith>): Promise<number> {
  const asked = performance.now();
  await gate.pass(forever);
  return performance.now() - asked;
}

it("counts what fails together once, and nothing that failed in an earlier round", async () => {
  const gate = gateWith(() => 0);
  const round = await gate.pass(forever);
  for (let each = 0; each < 20; each += 1) gate.failed(round, false);
  expect(gate.failures).toBe(1);
  gate.failed(await gate.pass(forever), false);
  gate.failed(round, false);
  expect(gate.failures).toBe(2);
});

it("waits at least half of the longest wait for a server that is overloaded", async () => {
  const gate = gateWith(() => 0);
  gate.failed(await gate.pass(forever), false);
  expect(await waitOf(gate)).toBeLessThan(150);
  gate.failed(await gate.pass(forever), true);
  expect(await waitOf(gate)).toBeGreaterThan(190);
});

it("forgets failures once a connection has lasted, and not before", async () => {
  const gate = gateWith(() => 0, 60);
  gate.failed(await gate.pass(forever), false);
  gate.succeeded(await gate.pass(forever));
  gate.failed(await gate.pass(forever), false);
  expect(gate.failures).toBe(2);
  gate.succeeded(await gate.pass(forever));
  await expect.poll(() => gate.failures).toBe(0);
});

it("lets nobody through whose signal aborts", async () => {
  const gate = gateWith(() => 1);
  gate.failed(await gate.pass(forever), true);
  const stop = new AbortController();
  const waiting = gate.pass(stop.signal);
  stop.abort(new Error("enough"));
  await expect(waiting).rejects.toThrow("enough");
});
