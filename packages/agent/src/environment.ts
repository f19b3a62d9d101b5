import { readFileSync } from "node:fs";
import type { LogLevel } from "./log.ts";

/** A variable of the environment is missing or wrong. */
export class EnvironmentError extends Error {
  override readonly name = "EnvironmentError";
  readonly variable: string;
  constructor(variable: string, problem: string) {
    super(`${variable} ${problem}`);
    this.variable = variable;
  }
}

export interface AgentEnvironment {
  /** Where the server is, without `/graphql`; or several servers over one database. */
  readonly url: string | readonly string[];
  readonly agentId: string;
  readonly key: string;
  /** How long running tasks may go on after SIGTERM. */
  readonly drainMs: number;
  readonly heartbeatMs: number;
  readonly logLevel: LogLevel;
}

const LEVELS: readonly string[] = ["debug", "info", "warn", "error"] satisfies LogLevel[];

/** Reads what an agent's process is started with. @throws EnvironmentError naming the first variable that is wrong */
export function readEnvironment(
  env: Readonly<Record<string, string | undefined>>,
  overrides: Partial<AgentEnvironment> = {},
): AgentEnvironment {
  const required = (variable: string, what: string): string => {
    const value = env[variable];
    if (value) return value;
    throw new EnvironmentError(variable, `is not set: it must hold ${what}.`);
  };
  const milliseconds = (variable: string, fallback: number): number => {
    const value = env[variable];
    if (value === undefined || value === "") return fallback;
    if (/^\d{1,8}$/.test(value)) return Number(value);
    throw new EnvironmentError(variable, `is "${value}": it must be a whole number of milliseconds.`);
  };
  const level = env["MUSTER_LOG_LEVEL"] || "info";
  return {
    url: overrides.url ?? webAddresses(required("MUSTER_URL", "the server's address, such as http://127.0.0.1:4000")),
    agentId: overrides.agentId ?? agentId(required("MUSTER_AGENT_ID", "the agent's id (agent_…)")),
    key: overrides.key ?? keyFromFile(env) ?? required("MUSTER_AGENT_KEY", "the key that registerAgent showed"),
    drainMs: overrides.drainMs ?? milliseconds("MUSTER_DRAIN_MS", 4_000),
    heartbeatMs: overrides.heartbeatMs ?? milliseconds("MUSTER_HEARTBEAT_MS", 5_000),
    logLevel: overrides.logLevel ?? (LEVELS.includes(level) ? (level as LogLevel) : "info"),
  };
}

/** The key as container platforms hand out secrets: in a file. */
function keyFromFile(env: Readonly<Record<string, string | undefined>>): string | null {
  const file = env["MUSTER_AGENT_KEY_FILE"];
  if (!file) return null;
  try {
    const key = readFileSync(file, "utf8").trim();
    if (key !== "") return key;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new EnvironmentError("MUSTER_AGENT_KEY_FILE", `names ${file}, which cannot be read (${code}).`);
  }
  throw new EnvironmentError("MUSTER_AGENT_KEY_FILE", `names ${file}, which is empty.`);
}

function webAddresses(value: string): string[] {
  const addresses = value.split(",").map((address) => address.trim());
  if (addresses.every((address) => /^https?:$/.test(URL.parse(address)?.protocol ?? ""))) return addresses;
  throw new EnvironmentError(
    "MUSTER_URL",
    `is "${value}": it must be an address that starts with http:// or https://, or several with commas between them.`,
  );
}

function agentId(value: string): string {
  if (value.startsWith("agent_")) return value;
  throw new EnvironmentError("MUSTER_AGENT_ID", `is "${value}": an agent's id starts with agent_.`);
}
