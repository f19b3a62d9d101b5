/** What a handler may use of the world besides its input. */
export interface Work {
  /** The repository to use when the input names none. */
  readonly repository: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Tells how far the work is, from 0 to 1, and what it does now. */
  readonly progress: (fraction: number, message: string) => void;
}
