"use client";
import { isTyping } from "#components/is-typing.ts";
import { type RefObject, useEffect } from "react";

/** While nobody types, j and k move the focus down and up the table's agents; Enter then opens the one it is on. */
export function useRowKeys(table: RefObject<HTMLTableElement | null>): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if ((event.key !== "j" && event.key !== "k") || isTyping(event)) return;
      const links = [...(table.current?.querySelectorAll<HTMLElement>("[data-agent-link]") ?? [])];
      const at = links.findIndex((link) => link === document.activeElement);
      const next = event.key === "j" ? at + 1 : at < 0 ? links.length - 1 : at - 1;
      const link = links[Math.min(Math.max(next, 0), links.length - 1)];
      if (!link) return;
      event.preventDefault();
      link.focus();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [table]);
}
