"use client";
import { useEffect, useSyncExternalStore } from "react";

let shown: string | null = null;
const listeners = new Set<() => void>();

function show(name: string | null) {
  shown = name;
  for (const listener of listeners) listener();
}

function listen(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Says of what the page is while it is open, once that is known: in the window's title and at the end of the breadcrumb. */
export function useNamedPage(name: string | null | undefined): void {
  useEffect(() => {
    if (!name) return undefined;
    document.title = `${name} · Muster`;
    show(name);
    return () => show(null);
  }, [name]);
}

/** The name of what is open; null on a page that is a list. */
export function usePageName(): string | null {
  return useSyncExternalStore(
    listen,
    () => shown,
    () => null,
  );
}
