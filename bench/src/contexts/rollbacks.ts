import { createClient, type Client } from "graphql-ws";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { formatId } from "@muster/domain/ids.ts";
import WebSocket from "ws";
import { agentUuid, PROJECT } from "../fleet.ts";
import type { ServerProcess } from "../server-process.ts";
import { ChildPrograms } from "../tasks/child-programs.ts";
import { type Ask, askOverHttp, FOLLOW, NEW_AGENT_KEY, READERS, ROLL_BACK, WRITE } from "./api.ts";
import { type History, timed } from "./history.ts";
import { inTurns, type Pair } from "./in-turns.ts";
import { below, randomNumbers } from "./prose.ts";

const AGENT = 1;
const PROGRAM = fileURLToPath(new URL("./agent-process.ts", import.meta.url));

const TIMES = 150;
/** A rollback goes back by up to so many versions. */
const FARTHEST = 100;

/** Rolls back in turns; before each, a version is written that it skips, and the agent has loaded that one. */
export async function rollBackInTurns(server: ServerProcess, short: History, long: History): Promise<Pair> {
  const rollbacks = await Rollbacks.open(server, [short, long]);
  try {
    const random = randomNumbers(5);
    const again = async (history: History) => {
      await rollbacks.write(history);
      return rollbacks.rollBack(history, 1 + below(random, FARTHEST));
    };
    return await inTurns(
      TIMES,
      () => again(short),
      () => again(long),
    );
  } finally {
    await rollbacks.close();
  }
}

/** Rolls contexts back through a server while an agent of the SDK, a process of its own, uses them. */
class Rollbacks {
  readonly #ask: Ask;
  readonly #settled: Client;
  readonly #programs: ChildPrograms;
  readonly #waiting = new Map<string, (state: string) => void>();

  private constructor(ask: Ask, settled: Client, programs: ChildPrograms) {
    this.#ask = ask;
    this.#settled = settled;
    this.#programs = programs;
  }

  static async open(server: ServerProcess, histories: readonly History[]): Promise<Rollbacks> {
    const ask = askOverHttp(server);
    const input = { agentId: formatId("agent", agentUuid(AGENT)) };
    const { rotateAgentKey } = await ask<{ rotateAgentKey: { key: string } }>(NEW_AGENT_KEY, { input });
    const programs = new ChildPrograms({ MUSTER_BENCH_KEY: rotateAgentKey.key });
    const names = histories.map((history) => history.name);
    await programs.start(PROGRAM, [server.url, String(AGENT), ...names]).answer("active");
    const client = createClient({
      url: `${server.url.replace("http", "ws")}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: { authorization: `Bearer ${server.key}` },
    });
    const rollbacks = new Rollbacks(ask, client, programs);
    await rollbacks.#follow();
    return rollbacks;
  }

  /** Resolves when the agent has loaded what was written. */
  async write(history: History): Promise<void> {
    const id = history.publicId;
    await this.#ask(WRITE, { input: { contextId: id, data: history.edit() } });
    for (let loaded = false; !loaded; await sleep(5)) {
      const { node } = await this.#ask<{ node: { readers: { version: number | null }[] } }>(READERS, { id });
      loaded = node.readers.some(({ version }) => version === history.versions);
    }
  }

  /** From the request of the person until that person's screen hears that the agent has gone back: milliseconds. */
  async rollBack(history: History, distance: number): Promise<number> {
    const input = { contextId: history.publicId, toVersion: history.goBack(distance), reason: "a bad plan" };
    const { promise, resolve } = Promise.withResolvers<string>();
    this.#waiting.set(history.publicId, resolve);
    return timed(async () => {
      await this.#ask(ROLL_BACK, { input });
      const state = await promise;
      if (state !== "SUCCEEDED") throw new Error(`The rollback ended as ${state}.`);
    });
  }

  /** Resolves when what settles would be heard: the first bookmark has come. */
  #follow(): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#settled.subscribe<{ contextVersions: { event?: { subjectId?: string; state?: string } } }>(
      { query: FOLLOW, variables: { project: formatId("project", PROJECT) } },
      {
        next: ({ data }) => {
          resolve();
          const { subjectId = "", state } = data?.contextVersions.event ?? {};
          if (state !== undefined) this.#waiting.get(subjectId)?.(state);
        },
        error: reject,
        complete() {},
      },
    );
    return promise;
  }

  async close(): Promise<void> {
    await this.#programs.stop();
    await this.#settled.dispose();
  }
}
