import { useSyncExternalStore } from "react";

let feeds = 0;
const listeners = new Set<() => void>();

/** Says that a feed is followed from now on; gives what says that it is not any more. */
export function beginFollowing(): () => void {
  let ended = false;
  count(1);
  return () => {
    if (ended) return;
    ended = true;
    count(-1);
  };
}

/** Whether anything is followed. Without, as where there is no such project, no connection is made. */
export function useIsFollowing(): boolean {
  return useSyncExternalStore(
    subscribe,
    () => feeds > 0,
    () => false,
  );
}

function count(more: number): void {
  feeds += more;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
