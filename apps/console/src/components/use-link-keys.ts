"use client";
import { type RefObject, useEffect } from "react";
import { isTyping } from "#components/is-typing.ts";

/** While nobody types, j and k move the focus down and up the links marked `data-row-link`; Enter then opens the one it is on. */
export function useLinkKeys(list: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if ((event.key !== "j" && event.key !== "k") || isTyping(event)) return;
      const links = [...(list.current?.querySelectorAll<HTMLElement>("[data-row-link]") ?? [])];
      const at = links.findIndex((link) => link === document.activeElement);
      const next = event.key === "j" ? at + 1 : at < 0 ? links.length - 1 : at - 1;
      const link = links[Math.min(Math.max(next, 0), links.length - 1)];
      if (!link) return;
      event.preventDefault();
      link.focus();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [list]);
}
