import { type RefObject, useEffect, useRef } from "react";

/**
 * Puts the focus into the first field of a form when the form comes in place of another: where the focus was is gone, and the
 * keyboard would begin at the top again.
 */
export function useFocusFirst(): RefObject<HTMLFormElement | null> {
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => form.current?.querySelector("input")?.focus(), []);
  return form;
}
