import { oncePerProcess } from "../once-per.ts";
import type { Runtime } from "../runtime.ts";
import { GATHER_MS, WrittenTogether } from "../written-together.ts";
import { type ClaimAnswer, type ClaimRequest, claimRound } from "./claim-round.ts";
import { workChanged } from "./local-work.ts";
import { returnDueTasks } from "./park-tasks.ts";

const MOST_REQUESTS = 2_000;
const MOST_WINDOW = 1_000;
/** Tasks whose time has come are looked for this often, at most. */
const DUE_MS = 100;

/**
 * Asks for tasks, in the next round of claims of this process: all that ask while one is under way go into the next one
 * together, so that they are spread over the agents and do not get into each other's way.
 */
export function claim(runtime: Runtime, request: ClaimRequest): Promise<ClaimAnswer> {
  return roundsOf(runtime).add(request);
}

const roundsOf = oncePerProcess((runtime: Runtime): WrittenTogether<ClaimRequest, ClaimAnswer> => {
  let lookedAt = -Infinity;
  return new WrittenTogether({
    parallel: 1,
    gatherMs: GATHER_MS,
    most: MOST_REQUESTS,
    write: async (requests) => {
      const now = performance.now();
      if (now - lookedAt >= DUE_MS) {
        lookedAt = now;
        const projectIds = new Set(await returnDueTasks(runtime.database));
        workChanged(
          runtime,
          [...projectIds].map((projectId) => ({ projectId })),
        );
      }
      const wanted = requests.reduce((sum, { max }) => sum + max, 0);
      return claimRound(runtime, requests, Math.min(MOST_WINDOW, wanted));
    },
  });
});
