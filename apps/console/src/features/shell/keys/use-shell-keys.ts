"use client";
import { useRouter } from "next/navigation";
import { useEffect, useRef } from "react";
import { isTyping } from "#components/is-typing.ts";
import { DESTINATIONS } from "#features/shell/keys/key-bindings.ts";
import type { ProjectRoute } from "#routes.ts";

/** The second key has to come within this time. */
const SEQUENCE_MS = 1_200;

interface ShellKeys {
  readonly project: ProjectRoute;
  readonly onPalette: () => void;
  readonly onSheet: () => void;
}

/** The keys that work on every page: the palette, the sheet of keys, and g followed by where to go. */
export function useShellKeys(keys: ShellKeys): void {
  const router = useRouter();
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    let goneAt = -Infinity;
    const onKey = (event: KeyboardEvent) => {
      if ((event.metaKey || event.ctrlKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k") {
        event.preventDefault();
        latest.current.onPalette();
        return;
      }
      if (isTyping(event)) return;
      const going = performance.now() - goneAt < SEQUENCE_MS;
      goneAt = -Infinity;
      const destination = going && DESTINATIONS.find(({ key }) => key === event.key);
      if (destination) {
        event.preventDefault();
        // Before any other listener: the same letters mean something else on some pages.
        event.stopImmediatePropagation();
        router.push(destination.href(latest.current.project));
      } else if (event.key === "g") {
        goneAt = performance.now();
      } else if (event.key === "?") {
        event.preventDefault();
        latest.current.onSheet();
      }
    };
    addEventListener("keydown", onKey, { capture: true });
    return () => removeEventListener("keydown", onKey, { capture: true });
  }, [router]);
}
