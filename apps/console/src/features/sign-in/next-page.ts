import { routes } from "#routes.ts";

/** These are left by signing in, not come back to. */
const PAGES_BEFORE: readonly string[] = [routes.signIn(), routes.setPassword()];

/**
 * Where to go after signing in: the path that was asked for, when it is one of this origin's, else the first page.
 * `next` comes from a link that anybody may have made, so it is read as a browser would read it.
 */
export function nextPage(next: string | null, origin: string): string {
  const url = next?.startsWith("/") ? URL.parse(next, origin) : null;
  if (url?.origin !== origin) return routes.home();
  const { pathname, search, hash } = url;
  // "/.//elsewhere" is a path of this origin; what remains of it would not be.
  if (pathname.startsWith("//") || PAGES_BEFORE.includes(pathname)) return routes.home();
  return pathname + search + hash;
}
