import { type InputIssue, NO_ISSUES } from "#api/input-issues.ts";

/** What somebody proves with who they are. */
export type Credential =
  | { readonly link: string }
  | { readonly key: string }
  | { readonly email: string; readonly password: string; readonly code?: string };

/** A password, with the link that it is set by and, where there is an authenticator, its code. */
export interface NewPassword {
  readonly link: string;
  readonly newPassword: string;
  readonly code?: string;
}

/** Why somebody was not let in. */
export interface SignInRefusal {
  readonly message: string;
  readonly code: string | null;
  /** When it may be tried again, in milliseconds since 1970; null: at once. */
  readonly retryAt: number | null;
  readonly issues: readonly InputIssue[];
}

/** Another way in: a provider of OpenID Connect. */
export interface Provider {
  readonly name: string;
  readonly title: string;
}

/** Signs in with a cookie that scripts cannot read. Answers why it was refused, else null. */
export function signIn(credential: Credential): Promise<SignInRefusal | null> {
  return post("/auth/sign-in", credential, "Signing in");
}

/** Sets the password that a link of an invitation or a reset is for, and signs in. Answers as `signIn`. */
export function setPassword(given: NewPassword): Promise<SignInRefusal | null> {
  return post("/auth/password", given, "Setting the password");
}

/** The providers that this installation knows; none when it cannot be asked. */
export async function signInProviders(): Promise<readonly Provider[]> {
  const response = await fetch("/auth/providers").catch(() => null);
  if (!response?.ok) return [];
  const body = (await response.json().catch(() => null)) as { providers?: Partial<Provider>[] } | null;
  return (body?.providers ?? []).flatMap(({ name, title }) => (name ? [{ name, title: title ?? name }] : []));
}

interface Body {
  readonly message?: string;
  readonly code?: string;
  readonly retryAfterMs?: number;
  readonly issues?: readonly InputIssue[];
  readonly errors?: readonly (Omit<Body, "errors"> & { readonly extensions?: Omit<Body, "errors"> })[];
}

async function post(path: string, body: object, what: string): Promise<SignInRefusal | null> {
  const response = await fetch(path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  }).catch(() => null);
  if (response?.ok) return null;
  const refusal = { code: null, retryAt: null, issues: NO_ISSUES };
  if (response === null) {
    return { ...refusal, message: "Muster cannot be reached. Check that it is running, then try again." };
  }
  const answer = (await response.json().catch(() => null)) as Body | null;
  const first = answer?.errors?.[0];
  const said: Omit<Body, "errors"> = { ...answer, ...first, ...first?.extensions };
  const waitMs = said.retryAfterMs ?? Number(response.headers.get("retry-after") ?? 0) * 1_000;
  return {
    message: said.message ?? `${what} failed (status ${response.status}). Try again.`,
    code: said.code ?? null,
    retryAt: waitMs > 0 ? Date.now() + waitMs : null,
    issues: said.issues ?? NO_ISSUES,
  };
}
