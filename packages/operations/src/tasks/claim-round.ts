import type { Caller } from "@muster/domain/actor.ts";
import { type FreeAgent, type Match, matchTasks, type ReadyTask, type Room } from "@muster/domain/match-tasks.ts";
import type { Connection } from "@muster/database/database.ts";
import { numbered } from "../caller-rows.ts";
import type { Runtime } from "../runtime.ts";
import { assignStatement } from "./assign-statement.ts";
import { isLimited, lockRoom, roomOf, useTokens } from "./claim-limits.ts";
import { arrayOf } from "../array-of.ts";
import { halfOf, LOCKS_MANY, turnsOf } from "./agent-turns.ts";
import { parkBehindKeys, parkBehindRates } from "./park-tasks.ts";
import { type ClaimingAgent, LEAST_DEEP, readReadyWork, type ReadyWork } from "./ready-tasks.ts";
import type { OfferedTask } from "./task.ts";

/** An agent's process wants up to `max` tasks. */
export interface ClaimRequest {
  readonly caller: Caller;
  readonly agentId: string;
  readonly incarnation: number;
  readonly max: number;
  /** The agent as it is known to be, and all that waits for it: when all requests of a round bring theirs, the round reads nothing. */
  readonly work?: { readonly agent: ClaimingAgent; readonly tasks: readonly ReadyTask[] } | null;
  /** Whether it has stopped asking meanwhile: then nothing is given to it. */
  readonly hasLeft?: () => boolean;
}

export interface ClaimAnswer {
  readonly tasks: OfferedTask[];
  /** The agent as it was when the round began; null when there is none in reach. */
  readonly agent: ClaimingAgent | null;
  /** Whether the round has changed anything: then there may be more to hand out. */
  readonly progress: boolean;
  /** Whether it saw tasks that it has not handed out, or may not have seen all. */
  readonly left: boolean;
  /** Whether queues or workspaces that it looked at have limits: behind these, tasks may wait unseen. */
  readonly limited: boolean;
  /** Whether tasks stood aside that had no free slot or token: others may stand behind them. */
  readonly stoodAside: boolean;
}

const MOST_MATCHES = 1_000;
/** Claims that race for a concurrency key: the loser looks again, and then leaves it to the next round. */
const MOST_TRIES = 5;

/**
 * Serves claims together: reads what is ready, decides who gets what (`matchTasks`), and hands it out where all that was read still
 * holds. Two statements, however many agents ask; more only where limits have to be locked or tasks stand aside. What is ready of a lane
 * is read up to `window` tasks deep. An answer for each request, in their order.
 */
export async function claimRound(
  runtime: Runtime,
  requests: readonly ClaimRequest[],
  window: number,
): Promise<ClaimAnswer[]> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await tryRound(runtime, requests, window);
    } catch (error) {
      if (!isSlotTaken(error)) throw error;
      if (tries === MOST_TRIES)
        return requests.map(() => ({
          tasks: [],
          agent: null,
          progress: true,
          left: true,
          limited: true,
          stoodAside: false,
        }));
    }
  }
}

async function tryRound(runtime: Runtime, requests: readonly ClaimRequest[], window: number): Promise<ClaimAnswer[]> {
  const { database, settings } = runtime;
  const known = knownWork(requests);
  const agentIds = [...new Set(requests.map(({ agentId }) => agentId))];
  const work = known ?? (await readReadyWork(database, [agentIds, window, settings.missedOffersLimit]));
  const takers = takersOf(requests, work);
  const room = withRates(roomOf(work), work);
  const { matches, keyIsBusy } = matchTasks([...takers.keys()], work.tasks, room, MOST_MATCHES);
  const limited = matches.some((match) => isLimited(match, room));
  const { assigned, rateIsUsedUp } = limited
    ? await database.transaction((transaction) => assignWithin(transaction, runtime, takers, matches, room))
    : { assigned: await assignInParts(runtime, takers, matches), rateIsUsedUp: [] };
  if (assigned.size > 0) runtime.committed();
  const parked = (await parkBehindKeys(database, keyIsBusy)) + (await parkBehindRates(database, rateIsUsedUp));
  return answers(requests, work, takers, assigned, parked);
}

/** What the requests bring, when they bring all. Nothing that has a limit of its own is among it. */
function knownWork(requests: readonly ClaimRequest[]): ReadyWork | null {
  const works = requests.map(({ work }) => work ?? null);
  if (!works.every((work) => work !== null)) return null;
  const agents = new Map(works.map(({ agent }) => [agent.id, agent]));
  const tasks = new Map(works.flatMap((work) => work.tasks.map((task) => [task.id, task])));
  return { agents: [...agents.values()], tasks: [...tasks.values()], slots: [], queues: [], workspaces: [] };
}

type Takers = ReadonlyMap<FreeAgent, { readonly request: ClaimRequest; readonly place: number }>;

/** Who can be given something: the requests of agents that are there, in reach, and available. */
function takersOf(requests: readonly ClaimRequest[], work: ReadyWork): Takers {
  const agents = new Map(work.agents.map((agent) => [agent.id, agent]));
  return new Map(
    requests.flatMap((request, place) => {
      const agent = agents.get(request.agentId);
      if (
        request.hasLeft?.() ||
        !agent?.available ||
        agent.incarnation !== request.incarnation ||
        !isInReach(request.caller, agent)
      )
        return [];
      return [
        [
          { ...agent, wants: Math.min(request.max, agent.capacity - agent.active) },
          { request, place },
        ] as const,
      ];
    }),
  );
}

function isInReach({ actor: { reach } }: Caller, agent: ClaimingAgent): boolean {
  return (
    (reach.workspaceIds === null || reach.workspaceIds.includes(agent.workspaceId)) &&
    (reach.projectIds === null || reach.projectIds.includes(agent.projectId))
  );
}

/** Before their locks nothing is known of rate limits: as if they had tokens. */
function withRates(room: Room, { tasks }: ReadyWork): Room {
  const keys = tasks.flatMap(({ projectId, rateLimitKey }) => (rateLimitKey ? [`${projectId} ${rateLimitKey}`] : []));
  return { ...room, rateLimits: new Map(keys.map((key) => [key, Infinity])) };
}

/** Many at once go in parts, side by side, each with its own agents. What one part has handed out holds when another fails. */
async function assignInParts(
  runtime: Runtime,
  takers: Takers,
  matches: readonly Match[],
): Promise<ReadonlyMap<Match, OfferedTask>> {
  const { database } = runtime;
  if (matches.length < LOCKS_MANY) return assign(database, runtime, takers, matches, false);
  const halves = Map.groupBy(matches, ({ agent }) => halfOf(agent.id));
  const parts = await Promise.allSettled(
    [...halves].map(([half, own]) => turnsOf(runtime).take(half, () => assign(database, runtime, takers, own, false))),
  );
  const assigned = new Map(parts.flatMap((part) => (part.status === "fulfilled" ? [...part.value] : [])));
  const failed = parts.find((part) => part.status === "rejected");
  if (failed && assigned.size === 0) throw failed.reason;
  return assigned;
}

/** Under the locks of the limits: what is matched is matched again, with what is really left of them. */
async function assignWithin(
  transaction: Connection,
  runtime: Runtime,
  takers: Takers,
  matches: readonly Match[],
  { slots }: Room,
): Promise<{ assigned: Map<Match, OfferedTask>; rateIsUsedUp: readonly string[] }> {
  const room = await lockRoom(transaction, matches);
  const again = matchTasks(
    [...takers.keys()],
    matches.map(({ task }) => task),
    { ...room, slots },
    MOST_MATCHES,
  );
  const assigned = await assign(transaction, runtime, takers, again.matches, true);
  await useTokens(transaction, [...assigned.keys()]);
  return { assigned, rateIsUsedUp: again.rateIsUsedUp.map(({ id }) => id) };
}

async function assign(
  connection: Connection,
  { settings }: Runtime,
  takers: Takers,
  matches: readonly Match[],
  limitsAreLocked: boolean,
): Promise<Map<Match, OfferedTask>> {
  if (matches.length === 0) return new Map();
  const requests = matches.map(({ agent }) => {
    const request = takers.get(agent)?.request;
    if (!request) throw new TypeError(`The agent ${agent.id} did not ask.`);
    return request;
  });
  const callers = numbered(requests.map(({ caller }) => caller));
  const assigned = await connection.run(assignStatement, [
    callers.rows,
    arrayOf(matches.map(({ task }) => task.id)),
    arrayOf(matches.map(({ agent }) => agent.id)),
    arrayOf(requests.map(({ incarnation }) => incarnation)),
    arrayOf(matches.map(({ slot }) => slot)),
    arrayOf(callers.numbers),
    Math.min(settings.leaseMs, settings.startTimeoutMs),
    settings.missedOffersLimit,
    limitsAreLocked,
  ]);
  const matched = new Map(matches.map((match) => [match.task.id, match]));
  return new Map(
    assigned.flatMap((task) => {
      const match = matched.get(task.id);
      return match ? [[match, task] as const] : [];
    }),
  );
}

function answers(
  requests: readonly ClaimRequest[],
  work: ReadyWork,
  takers: Takers,
  assigned: ReadonlyMap<Match, OfferedTask>,
  parked: number,
): ClaimAnswer[] {
  const progress = assigned.size + parked > 0;
  const agents = new Map(work.agents.map((agent) => [agent.id, agent]));
  const { tasks, queues, workspaces } = work;
  // As deep as was looked, there may be more.
  const left = tasks.length > assigned.size || (tasks.length >= LEAST_DEEP && requests.some((one) => !one.work));
  const limited = queues.length + workspaces.length > 0;
  const result = requests.map(({ caller, agentId }) => {
    const agent = agents.get(agentId);
    return {
      tasks: [] as OfferedTask[],
      agent: agent && isInReach(caller, agent) ? agent : null,
      progress,
      left,
      limited,
      stoodAside: parked > 0,
    };
  });
  for (const [match, task] of assigned) {
    const place = takers.get(match.agent)?.place;
    if (place !== undefined) result[place]?.tasks.push(task);
  }
  return result;
}

function isSlotTaken(error: unknown): boolean {
  return error instanceof Error && "constraint" in error && error.constraint === "tasks_concurrency_slot_key";
}
