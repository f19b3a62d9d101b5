/** What an operator of Muster can set about signing in. Times in milliseconds. */
export interface SignInSettings {
  /** A session ends after this time, whatever happens. */
  readonly sessionMs: number;
  /** A session that is not used for so long has ended. */
  readonly idleMs: number;
  /** Attempts in one window to sign in to one account, whether right or wrong; a success begins a new count. */
  readonly attemptsPerAccount: number;
  /** The same from one address, whatever the account. */
  readonly attemptsPerAddress: number;
  readonly attemptWindowMs: number;
}

const DAY_MS = 86_400_000;

export const DEFAULT_SIGN_IN_SETTINGS: SignInSettings = {
  sessionMs: 30 * DAY_MS,
  idleMs: 7 * DAY_MS,
  attemptsPerAccount: 5,
  attemptsPerAddress: 20,
  attemptWindowMs: 15 * 60_000,
};
