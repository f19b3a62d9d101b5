import type { CombinedError } from "urql";
import { routes } from "#routes.ts";

/** Whether the API did not know who asks: the session has ended, or there was none. */
export function isUnauthenticated(error: CombinedError): boolean {
  return error.graphQLErrors.some(({ extensions }) => extensions["code"] === "UNAUTHENTICATED");
}

/** Leaves for the sign-in page, which comes back here. Everything that this page holds is dropped with it. */
export function goToSignIn(): void {
  if (location.pathname === routes.signIn()) return;
  location.replace(routes.signIn(location.pathname + location.search));
}

/** Ends the session in every tab. */
export async function signOut(): Promise<void> {
  await fetch("/auth/sign-out", { method: "POST" });
  location.replace(routes.signIn());
}

/** One-time link or API key. */
export type Credential = { readonly link: string } | { readonly key: string };

/** Signs in with a cookie that scripts cannot read. Answers the sentence to show when it is refused, else null. */
export async function signIn(credential: Credential): Promise<string | null> {
  const response = await fetch("/auth/sign-in", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(credential),
  }).catch(() => null);
  if (response === null) return "Muster cannot be reached. Check that it is running, then try again.";
  if (response.ok) return null;
  const body = (await response.json().catch(() => null)) as { errors?: { message?: string }[] } | null;
  return body?.errors?.[0]?.message ?? `Signing in failed (status ${response.status}). Try again.`;
}
