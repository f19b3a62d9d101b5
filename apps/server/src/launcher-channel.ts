/** What the server tells the launcher that started it. */
export interface ReadyMessage {
  readonly type: "ready";
  readonly url: string;
  /** A link that signs in once, within an hour; null when this start has no key to show. */
  readonly signInUrl: string | null;
  readonly agents: readonly { readonly name: string; readonly state: string }[];
}

/** Tells the launcher, when there is one. */
export function tellLauncher(message: ReadyMessage): void {
  process.send?.(message);
}

/** Calls `work` once when the launcher has died; never when there was none. */
export function onLauncherGone(work: () => void): void {
  if (process.connected) process.once("disconnect", work);
}
