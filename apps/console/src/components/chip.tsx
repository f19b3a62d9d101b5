"use client";
import { Toggle } from "@base-ui/react/toggle";
import type { ReactNode } from "react";

interface ChipProps {
  readonly pressed: boolean;
  readonly onPress: () => void;
  readonly children: ReactNode;
}

/** Something that is on or off, such as a kind of rows that a list shows. */
export function Chip({ pressed, onPress, children }: ChipProps) {
  return (
    <Toggle
      pressed={pressed}
      onPressedChange={onPress}
      className="inline-flex items-center gap-1.5 rounded-full border border-line bg-surface px-2.5 py-0.75 whitespace-nowrap text-muted hover:border-line-strong data-pressed:border-accent data-pressed:bg-accent-soft data-pressed:text-ink"
    >
      {children}
    </Toggle>
  );
}
