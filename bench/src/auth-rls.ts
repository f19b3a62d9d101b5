import { type Database, openDatabase } from "@muster/database/database.ts";
import { type Caller, within } from "@muster/domain/actor.ts";
import { ROLE_PERMISSIONS } from "@muster/domain/roles.ts";
import { moveAgent } from "@muster/operations/agents/move-agent.ts";
import { actingFor, type Runtime } from "@muster/operations/runtime.ts";
import { DEFAULT_SETTINGS } from "@muster/operations/settings.ts";
import { withBenchDatabase } from "./bench-database.ts";
import { agentUuid, createFleet, FLEET_SIZE, PROJECT, WORKSPACE } from "./fleet.ts";
import { median } from "./median.ts";
import { type Figure, say } from "./report.ts";

const CALLERS = 64;
const CONNECTIONS = 20;
const ROUNDS = 120;
/** Short, so that both of a round find the machine as it is at the time. */
const SECONDS = 0.25;
const WARM_UP_SECONDS = 3;
const ACTIONS = ["MAINTAIN", "RESUME"] as const;

/** Transitions of a tenant's operator, held by row-level security and not, in turns: time with over time without. */
export async function run(): Promise<Figure[]> {
  return withBenchDatabase(async (url) => {
    await createFleet(url);
    const held = openDatabase({ url, connections: CONNECTIONS, tenants: { url } });
    const free = openDatabase({ url, connections: CONNECTIONS });
    const states = new Uint8Array(FLEET_SIZE + 1);
    const rate = (database: Database, seconds: number) =>
      moveFor(actingFor({ database, settings: DEFAULT_SETTINGS, committed: () => {} }, caller), states, seconds);
    try {
      for (const database of [held, free]) await rate(database, WARM_UP_SECONDS);
      const rounds: { held: number; free: number }[] = [];
      for (let round = 0; round < ROUNDS; round += 1) {
        // Each comes first as often as the other.
        const first = round % 2 === 0 ? await rate(held, SECONDS) : 0;
        const without = await rate(free, SECONDS);
        rounds.push({ held: first || (await rate(held, SECONDS)), free: without });
      }
      const figures = {
        with: median(rounds.map((each) => each.held)),
        without: median(rounds.map((each) => each.free)),
      };
      say(`${figures.with.toFixed(0)} with row-level security, ${figures.without.toFixed(0)} without, a second`);
      return [
        { name: "auth.rls.per_second", value: figures.with, unit: "transitions/s" },
        { name: "auth.rls.ratio", value: median(rounds.map((each) => each.free / each.held)), unit: "ratio" },
      ];
    } finally {
      await Promise.all([held.close(), free.close()]);
    }
  });
}

const caller: Caller = {
  actor: {
    kind: "USER",
    id: null,
    name: "operator",
    reach: within(WORKSPACE, PROJECT),
    permissions: new Set(ROLE_PERMISSIONS.OPERATOR),
  },
  correlationId: "bench",
  origin: null,
};

/** Each of the callers moves agents of its own to and fro. Gives how many moves there were in a second. */
async function moveFor(runtime: Runtime, states: Uint8Array, seconds: number): Promise<number> {
  const share = Math.floor(FLEET_SIZE / CALLERS);
  let count = 0;
  const started = performance.now();
  const until = started + seconds * 1_000;
  await Promise.all(
    Array.from({ length: CALLERS }, async (_, callerNumber) => {
      while (performance.now() < until) {
        const number = callerNumber * share + 1 + Math.floor(Math.random() * share);
        const action = ACTIONS[states[number] ?? 0] ?? "MAINTAIN";
        await moveAgent(runtime, caller, { agentId: agentUuid(number), action, trigger: "operator", reason: "bench" });
        states[number] = 1 - (states[number] ?? 0);
        count += 1;
      }
    }),
  );
  return (count * 1_000) / (performance.now() - started);
}
