/** The console's page that uses a one-time link. The token is in the fragment, which never leaves the browser. */
export function signInUrl(origin: string, token: string): string {
  return `${origin}/sign-in#link=${token}`;
}
