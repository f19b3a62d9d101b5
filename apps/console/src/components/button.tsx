import { Button as BaseButton } from "@base-ui/react/button";
import type { ComponentProps } from "react";

type Look = "plain" | "primary" | "danger" | "ghost";

const LOOKS: Readonly<Record<Look, string>> = {
  plain: "border-line-strong bg-surface text-ink hover:bg-sunken",
  primary: "border-accent bg-accent text-on-accent hover:brightness-110",
  danger: "border-danger/50 bg-surface text-danger hover:bg-danger-soft",
  ghost: "border-transparent text-muted hover:bg-sunken hover:text-ink",
};

/** The classes of a button, for links that look like one. */
export function buttonClass(look: Look = "plain"): string {
  return `inline-flex items-center justify-center gap-1.5 rounded-md border px-3 py-1.25 font-[550] leading-[18px] whitespace-nowrap select-none disabled:opacity-50 data-disabled:opacity-50 ${LOOKS[look]}`;
}

/** A button that does something here. What leads elsewhere is a link. */
export function Button({ look = "plain", className = "", ...props }: ComponentProps<"button"> & { look?: Look }) {
  return <BaseButton type="button" className={`${buttonClass(look)} ${className}`} {...props} />;
}
