import { openDatabase } from "@muster/database/database.ts";
import { openWakeUps } from "@muster/events/wake-ups.ts";
import { moveAgent } from "@muster/operations/agents/move-agent.ts";
import { systemCaller } from "@muster/operations/authorize.ts";
import { DEFAULT_SETTINGS } from "@muster/operations/settings.ts";
import { agentUuid } from "../fleet.ts";
import { say } from "../report.ts";

/** Moves one agent to and fro, evenly, from this process: as another server would, so that the measured one only delivers. */
export interface TransitionWriter {
  /** So many transitions a second from now on. */
  start(perSecond: number): void;
  /** Resolves with how many there were since `start`, all committed. */
  stop(): Promise<number>;
  /** Leaves the agent ONLINE. */
  close(): Promise<void>;
}

/** A writer for the agent of this number, which has to be ONLINE. */
export function openTransitionWriter(url: string, agent: number): TransitionWriter {
  const onError = (error: Error) => say(error.message);
  const database = openDatabase({ url, connections: 2, onError });
  const wakeUps = openWakeUps({ url, onWake: () => {}, onError });
  const runtime = { database, settings: DEFAULT_SETTINGS, committed: () => wakeUps.send() };
  const caller = systemCaller("bench");
  const agentId = agentUuid(agent);
  let moves = 0;
  let since = 0;
  let timer: NodeJS.Timeout | undefined;
  let last = Promise.resolve();
  const move = async () => {
    const action = moves % 2 === 0 ? "MAINTAIN" : "RESUME";
    moves += 1;
    await moveAgent(runtime, caller, { agentId, action, trigger: "operator", reason: "bench" });
  };
  return {
    start(perSecond) {
      since = moves;
      timer = setInterval(() => {
        last = last.then(move);
        // `stop` tells of it.
        last.catch(() => {});
      }, 1_000 / perSecond);
    },
    async stop() {
      clearInterval(timer);
      await last;
      return moves - since;
    },
    async close() {
      if (moves % 2 === 1) await move();
      await Promise.all([database.close(), wakeUps.close()]);
    },
  };
}
