import type { CombinedError } from "urql";
import { routes } from "#routes.ts";

let wasIn = false;
let leaving = false;

/** The API has answered who asks: from now on, not to be known any more means that the session has ended. */
export function noteSignedIn(): void {
  wasIn = true;
}

/** Whether the API did not know who asks: the session has ended, or there was none. */
export function isUnauthenticated(error: CombinedError): boolean {
  return error.graphQLErrors.some(({ extensions }) => extensions["code"] === "UNAUTHENTICATED");
}

/** Leaves for the sign-in page, which says what happened and comes back here. Everything that this page holds is dropped with it. */
export function goToSignIn(): void {
  if (leaving || location.pathname === routes.signIn()) return;
  leaving = true;
  const next = location.pathname + location.search;
  location.replace(routes.signIn(wasIn ? { next, ended: "1" } : { next }));
}

/** Ends the session in every tab. */
export async function signOut(): Promise<void> {
  // Feeds end with the session, which is no news to who ended it.
  leaving = true;
  await fetch("/auth/sign-out", { method: "POST", headers: { "content-type": "application/json" }, body: "{}" }).catch(
    () => {
      leaving = false;
    },
  );
  if (leaving) location.replace(routes.signIn());
}
