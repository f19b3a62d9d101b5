import type { Caller } from "@muster/domain/actor.ts";
import { InvalidInput } from "@muster/domain/errors.ts";
import { retainedSince } from "@muster/events/retention-bound.ts";
import { z } from "zod";
import { authorize, reachOf } from "../authorize.ts";
import { findMoment, type FleetMoment } from "../events/fleet-at.ts";
import { parseInput } from "../input.ts";
import type { Runtime } from "../runtime.ts";
import { busySlices, exactSpans, foldedSpans, type Gap, type Range, type StateSpan } from "./state-span.ts";
import { type Entry, entriesOf, gapsOf, notablesOf, turnsOf } from "./state-span-statements.ts";

const StateSpansInput = z.object({ most: z.number().int().min(2).max(2_000) });

/** An agent's states over a time, as a bar shows them. */
export interface StateSpans extends Range {
  /** False when retention has removed transitions of that time. */
  readonly complete: boolean;
  /** Whether there were too many transitions to show each. */
  readonly folded: boolean;
  readonly spans: readonly StateSpan[];
}

interface Asked {
  readonly since: Date;
  /** null: until now. */
  readonly until: Date | null;
  /** Most spans of an agent. */
  readonly most: number;
}

interface Found extends Range {
  readonly since: FleetMoment;
  readonly until: FleetMoment;
}

/**
 * The states of these agents over a time, by the agents' ids: every transition while there are at most `most` of them, else folded into
 * half as many slices. Takes as long for a million transitions as for some thousand: their number is told by the versions of the
 * agent at both ends. Throws `InvalidInput`.
 */
export async function readStateSpans(
  runtime: Runtime,
  caller: Caller,
  agentIds: readonly string[],
  asked: Asked,
): Promise<ReadonlyMap<string, StateSpans>> {
  caller = authorize(caller, "agent.read");
  caller = authorize(caller, "event.read");
  const { most } = parseInput(StateSpansInput, asked);
  if (asked.until && asked.since >= asked.until)
    throw new InvalidInput([{ path: ["until"], message: "must be later than since." }]);
  const [since, until] = await Promise.all([
    findMoment(runtime, caller, asked.since),
    findMoment(runtime, caller, asked.until ?? new Date()),
  ]);
  const entries = await runtime.database.run(entriesOf, [
    agentIds,
    since.at.toISOString(),
    until.at.toISOString(),
    since.lastId,
    until.lastId,
    since.idBefore,
    ...reachOf(caller),
  ]);
  const found = { since, until, from: since.at, to: until.at };
  const isFolded = ({ lastVersion, version }: Entry) => lastVersion - version > most;
  const [exact, folded, retained] = await Promise.all([
    readExact(
      runtime,
      entries.filter((entry) => !isFolded(entry)),
      found,
      most,
    ),
    readFolded(runtime, entries.filter(isFolded), found, Math.floor(most / 2)),
    retainedSince(runtime.database, [...new Set(entries.map((entry) => entry.projectId))]),
  ]);
  return new Map(
    entries.map((entry) => {
      const range = rangeOf(entry, found);
      const kept = retained.get(entry.projectId) ?? null;
      const spans = exact.get(entry.agentId) ?? folded.get(entry.agentId) ?? [];
      return [
        entry.agentId,
        { ...range, complete: kept === null || range.from >= kept, folded: isFolded(entry), spans },
      ];
    }),
  );
}

/** An agent has no past before it was registered. */
function rangeOf({ createdAt }: Entry, { from, to }: Range): Range {
  const begin = createdAt > from ? createdAt : from;
  return begin < to ? { from: begin, to } : { from: to, to };
}

async function readExact(runtime: Runtime, entries: readonly Entry[], found: Found, most: number) {
  const ids = entries.filter(({ createdAt }) => createdAt < found.to).map(({ agentId }) => agentId);
  const { since, until } = found;
  const turns =
    ids.length === 0
      ? []
      : await runtime.database.run(turnsOf, [
          ids,
          since.at.toISOString(),
          until.at.toISOString(),
          since.idBefore,
          until.lastId,
          most,
        ]);
  const turnsOfAgent = Map.groupBy(turns, ({ agentId }) => agentId);
  return new Map(
    entries.map((entry) => {
      const range = rangeOf(entry, found);
      const spans = range.from < range.to ? exactSpans(entry.state, turnsOfAgent.get(entry.agentId) ?? [], range) : [];
      return [entry.agentId, spans];
    }),
  );
}

async function readFolded(runtime: Runtime, entries: readonly Entry[], found: Found, slices: number) {
  if (entries.length === 0) return new Map<string, StateSpan[]>();
  const { since, until } = found;
  const gaps = await runtime.database.run(gapsOf, [
    entries.map(({ agentId }) => agentId),
    entries.map(({ state }) => state),
    entries.map(({ version }) => version),
    entries.map(({ lastVersion }) => lastVersion),
    entries.map((entry) => rangeOf(entry, found).from.toISOString()),
    slices,
    until.at.toISOString(),
    since.idBefore,
    until.lastId,
  ]);
  const gapsOfAgent: ReadonlyMap<string, Gap[]> = Map.groupBy(gaps, ({ agentId }) => agentId);
  const busy = [...gapsOfAgent].flatMap(([agentId, own]) => busySlices(own).map((slice) => ({ agentId, ...slice })));
  const notables = await runtime.database.run(notablesOf, [
    busy.map(({ agentId }) => agentId),
    busy.map(({ slice }) => slice),
    busy.map(({ firstId }) => firstId),
    busy.map(({ lastId }) => lastId),
  ]);
  const notablesOfAgent = Map.groupBy(notables, ({ agentId }) => agentId);
  return new Map(
    entries.map((entry) => {
      const own = gapsOfAgent.get(entry.agentId) ?? [];
      return [entry.agentId, foldedSpans(own, notablesOfAgent.get(entry.agentId) ?? [], rangeOf(entry, found), slices)];
    }),
  );
}
