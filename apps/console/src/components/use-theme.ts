"use client";
import { useSyncExternalStore } from "react";
import { chosenTheme, type Theme, watchTheme } from "#components/theme.ts";

/** The chosen theme, wherever on the page it is chosen. */
export function useTheme(): Theme {
  return useSyncExternalStore(watchTheme, chosenTheme, () => "system");
}
