/** The one-time link's token in `#link=…`, or null. */
export function linkIn(fragment: string): string | null {
  return new URLSearchParams(fragment.replace(/^#/, "")).get("link") || null;
}

/** Takes the token out of the page's address and history, where it must not stay. The second caller gets null. */
export function takeLink(): string | null {
  const link = linkIn(location.hash);
  if (link !== null) history.replaceState(null, "", location.pathname + location.search);
  return link;
}
