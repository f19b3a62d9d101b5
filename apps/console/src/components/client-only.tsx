"use client";
import { type ReactNode, useSyncExternalStore } from "react";

const never = () => () => {};

/** Renders in browsers only. Pages carry no data: what they show is asked for with the reader's own cookie. */
export function ClientOnly({ fallback, children }: { readonly fallback: ReactNode; readonly children: ReactNode }) {
  const mounted = useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
  return mounted ? children : fallback;
}
