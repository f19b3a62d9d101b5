import { openDatabase } from "@muster/database/database.ts";
import { moveAgent } from "@muster/operations/agents/move-agent.ts";
import { transitionStatement, transitionValues } from "@muster/operations/agents/transition-statement.ts";
import { systemCaller } from "@muster/operations/authorize.ts";
import { DEFAULT_SETTINGS } from "@muster/operations/settings.ts";
import { withBenchDatabase } from "./bench-database.ts";
import { agentUuid, agentUuidSql, createFleet, FLEET_SIZE, resetFleet } from "./fleet.ts";
import { median } from "./median.ts";
import { findPgbench, runPgbench } from "./pgbench.ts";
import { type Figure, say } from "./report.ts";
import { transportRates } from "./transition-transports.ts";

const CALLERS = 64;
/** What a server has unless told otherwise: more backends than cores only contend. */
const CONNECTIONS = 20;
const SECONDS = 10;
const ROUNDS = 3;
const ACTIONS = ["MAINTAIN", "RESUME"] as const;

/** The transition operation in process against pgbench with the same statement, then through the API. */
export async function run(): Promise<Figure[]> {
  return withBenchDatabase(async (url) => {
    await createFleet(url);
    const pgbench = findPgbench();
    if (pgbench === null) say("There is no pgbench: set PGBENCH to its path, or install PostgreSQL's client programs.");
    const ours: number[] = [];
    const floor: number[] = [];
    // Turn by turn, so that a machine that slows down slows both.
    for (let round = 1; round <= ROUNDS; round += 1) {
      await resetFleet(url);
      ours.push(await transitionsInProcess(url));
      if (pgbench !== null) {
        await resetFleet(url);
        const script = pgbenchScript();
        floor.push(await runPgbench({ pgbench, url, script, clients: CALLERS, seconds: SECONDS }));
      }
      say(
        `round ${round}: ${ours.at(-1)?.toFixed(0)} in process, ${floor.at(-1)?.toFixed(0) ?? "no"} by pgbench, a second`,
      );
    }
    const perSecond = median(ours);
    await resetFleet(url);
    return [
      { name: "transitions.in_process.per_second", value: perSecond, unit: "transitions/s" },
      ...(floor.length > 0
        ? [
            { name: "transitions.pgbench.per_second", value: median(floor), unit: "transitions/s" },
            { name: "transitions.in_process.ratio_to_pgbench", value: perSecond / median(floor), unit: "ratio" },
          ]
        : []),
      ...(await transportRates(url)),
    ];
  });
}

async function transitionsInProcess(url: string): Promise<number> {
  const database = openDatabase({ url, connections: CONNECTIONS });
  const runtime = { database, settings: DEFAULT_SETTINGS, committed: () => {} };
  const caller = systemCaller("bench");
  // Each caller has agents of its own and moves each one to and fro.
  const share = Math.floor(FLEET_SIZE / CALLERS);
  const states = new Uint8Array(FLEET_SIZE + 1);
  let count = 0;
  const move = async (number: number) => {
    const action = ACTIONS[states[number] ?? 0] ?? "MAINTAIN";
    await moveAgent(runtime, caller, { agentId: agentUuid(number), action, trigger: "operator", reason: "bench" });
    states[number] = 1 - (states[number] ?? 0);
  };
  try {
    const started = performance.now();
    const until = started + SECONDS * 1000;
    await Promise.all(
      Array.from({ length: CALLERS }, async (_, callerNumber) => {
        while (performance.now() < until) {
          await move(callerNumber * share + 1 + Math.floor(Math.random() * share));
          count += 1;
        }
      }),
    );
    const seconds = (performance.now() - started) / 1000;
    return count / seconds;
  } finally {
    await database.close();
  }
}

/** The operation's own statement, with literals for its values; it moves an agent from either state to the other. */
function pgbenchScript(): string {
  const values = transitionValues(systemCaller("bench"), {
    agentId: "agent",
    action: "MAINTAIN",
    from: ["ONLINE", "MAINTENANCE"],
    to: ["MAINTENANCE", "ONLINE"],
    reason: "bench",
    mode: "DRAIN",
    quiet: true,
  });
  const sql = transitionStatement.text.replaceAll(/\$(\d+)/g, (_match, number: string) => {
    const value = values[Number(number) - 1];
    return value === "agent" ? agentUuidSql(":agent::int") : literal(value);
  });
  return `\\set agent random(1, ${FLEET_SIZE})\n${sql.replaceAll(/\s*\n\s*/g, " ")};\n`;
}

function literal(value: unknown): string {
  if (value === null || value === undefined) return "null";
  if (Array.isArray(value)) return `'{${value.map((item) => item ?? "null").join(",")}}'`;
  return typeof value === "boolean" ? String(value) : `'${String(value)}'`;
}
