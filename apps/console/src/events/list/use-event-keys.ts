"use client";
import { type RefObject, useEffect, useRef } from "react";
import { isTyping } from "#components/is-typing.ts";

interface Keys {
  /** Opens the event before (older) or after (newer) the one that is opened. */
  readonly onStep: (towards: "older" | "newer") => void;
  /** Moves the focus by a row. */
  readonly onMove: (rows: 1 | -1) => void;
  readonly list: RefObject<HTMLElement | null>;
}

/** j and k move through the rows, p and n (or [ and ]) open the event before and after. */
export function useEventKeys(keys: Keys): void {
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (isTyping(event)) return;
      const { onStep, onMove } = latest.current;
      if (event.key === "j") onMove(1);
      else if (event.key === "k") onMove(-1);
      else if (event.key === "p" || event.key === "[") onStep("older");
      else if (event.key === "n" || event.key === "]") onStep("newer");
      else return;
      event.preventDefault();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);
}
