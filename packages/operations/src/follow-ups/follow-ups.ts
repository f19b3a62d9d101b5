import type { HintEvent } from "../tasks/work-hints.ts";
import type { Runtime } from "../runtime.ts";
import { startLoop, type WakeableLoop } from "../wakeable-loop.ts";
import { seeToFollowUps } from "./see-to-follow-ups.ts";

const POLL_MS = 1_000;
/** Servers that are woken by the same event do not all look at once: the first one does the work, the others find it done. */
const GAP_MS = 2;
const SPREAD_MS = 4;
/** What was locked is tried again after so long. */
const LOCKED_MS = 20;

/**
 * Sees to what follows when tasks are let go of, in this process. Any number of processes do it at once; `observe` wants the
 * events of all projects as the feed reads them, so that little time is lost. Whatever is lost of these is found within a second.
 */
export class FollowUps {
  readonly #loop: WakeableLoop;
  #stopping = false;

  constructor(runtime: Runtime, onError: (error: Error) => void) {
    let wasLocked = false;
    this.#loop = startLoop({
      everyMs: POLL_MS,
      gapMs: () => (wasLocked ? LOCKED_MS : GAP_MS + Math.random() * SPREAD_MS),
      onError,
      work: async () => {
        for (let more = true; more && !this.#stopping;) {
          const { taken, left } = await seeToFollowUps(runtime);
          more = taken > left;
          wasLocked = left > 0;
        }
        if (wasLocked) this.#loop.wake();
      },
    });
  }

  /** To be called with events as they come; an empty list says that some may have been passed over. */
  readonly observe = (events: readonly HintEvent[]): void => {
    if (events.length === 0 || events.some(isFollowed)) this.wake();
  };

  /** There may be something to see to. */
  wake(): void {
    this.#loop.wake();
  }

  /** Resolves when nothing is under way. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await this.#loop.stop();
  }
}

function isFollowed({ type, payload }: HintEvent): boolean {
  return type === "task.transitioned" && (payload as { followUp?: boolean }).followUp === true;
}
