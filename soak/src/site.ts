import { setTimeout as sleep } from "node:timers/promises";
import type { RecordedHistory } from "./clients/recorded-history.ts";
import type { Cluster } from "./cluster.ts";
import type { ExpiredCursor } from "./expired-cursor.ts";
import type { Journal } from "./journal.ts";
import type { Random } from "./random.ts";
import type { Replica } from "./replica.ts";
import type { Tenant } from "./tenant.ts";
import type { Written } from "./writers/written.ts";

/** How hard a run is, and how long its single faults take. */
export interface Scale {
  readonly replicas: number;
  /** Clients that stay where they are: so many by the client library, over sockets and over streams each. */
  readonly steadyClients: number;
  readonly roamingClients: number;
  readonly apiWriters: number;
  readonly sqlWriters: number;
  readonly pauseMs: number;
  /** How long clients stall, and hostile ones are hostile. */
  readonly stallMs: number;
  /** How long transactions stay open. */
  readonly openMs: number;
  /** How long notifications are lost. */
  readonly lostMs: number;
  /** How many clients come back at once. */
  readonly crowd: number;
  /** How long delays are measured without and with hostile clients. */
  readonly windowMs: number;
}

/** How a run ends: whoever has its last event, and a bookmark after it, has everything. */
export interface Ending {
  /** Null while it runs. */
  last: { readonly id: string; readonly xid: string } | null;
}

/** Everything that faults are injected into. */
export interface Site {
  readonly cluster: Cluster;
  readonly replicas: readonly Replica[];
  readonly adminKey: string;
  readonly tenant: Tenant;
  /** Another project of another workspace, with a few events of its own. */
  readonly other: Tenant;
  /** What retention has removed something after. */
  readonly expired: ExpiredCursor;
  readonly subjects: readonly string[];
  readonly written: Written;
  readonly histories: readonly RecordedHistory[];
  readonly ending: Ending;
  /** Marks of commits that never reached the database, and of those of which nobody heard. */
  readonly cutOff: { readonly before: Set<string>; readonly after: Set<string> };
  readonly scale: Scale;
  readonly journal: Journal;
  /** Adds a client whose whole history is validated at the end. */
  record(history: RecordedHistory, client: (history: RecordedHistory) => Promise<void>): void;
  readonly signal: AbortSignal;
}

export interface Fault {
  readonly name: string;
  /** Injects it, and tells the journal what it did and what was wrong. Rejects when it could not be injected. */
  inject(site: Site, random: Random): Promise<void>;
}

/** A server that runs, or will in a moment. */
export function anyUrl({ replicas }: Pick<Site, "replicas">, random: Random): string {
  const running = replicas.filter(({ pid }) => pid !== null);
  return random.pick(running.length > 0 ? running : replicas).url;
}

/** Waits, unless the run is interrupted: then it rejects. */
export async function wait({ signal }: Pick<Site, "signal">, ms: number): Promise<void> {
  await sleep(ms, null, { signal });
}
