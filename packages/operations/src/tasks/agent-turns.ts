import { oncePerProcess } from "../once-per.ts";

/**
 * Agents are in two halves, by their ids. A statement that locks the rows of many agents locks those of one half only: while one half
 * is given tasks, the other half's runs can end.
 */
export const HALVES = 2;

/** From so many tasks on a statement is one of these. Smaller ones are done sooner than they would get their turn. */
export const LOCKS_MANY = 64;

/** The half that an agent is in. */
export function halfOf(agentId: string): number {
  return Number.parseInt(agentId.slice(-1), 16) % HALVES;
}

/**
 * Statements of this process that lock many agents of one half, one after the other. Without it nothing is wrong, but claims pass over
 * the agents of a completion that is under way, which are all when few agents do much: they would look again and again for nothing.
 */
class AgentTurns {
  readonly #last = Array.from({ length: HALVES }, (): Promise<unknown> => Promise.resolve());

  /** Runs the work when all that was asked for before in this half is done. */
  take<Result>(half: number, work: () => Promise<Result>): Promise<Result> {
    const turn = (this.#last[half] ?? Promise.resolve()).then(work);
    this.#last[half] = turn.catch(() => {});
    return turn;
  }
}

export const turnsOf = oncePerProcess(() => new AgentTurns());
