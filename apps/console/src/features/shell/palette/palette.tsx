"use client";
import dynamic from "next/dynamic";
import { useState } from "react";
import { KeySheet } from "#features/shell/keys/key-sheet.tsx";
import { useShellKeys } from "#features/shell/keys/use-shell-keys.ts";
import type { ProjectRoute } from "#routes.ts";

const load = () => import("#features/shell/palette/palette-dialog.tsx");
const PaletteDialog = dynamic(load, { ssr: false });

interface PaletteProps {
  readonly project: ProjectRoute;
  /** Paths of all projects that the reader may see. */
  readonly paths: readonly string[];
}

/** The way to anything, by the button or the keys. What opens is loaded when somebody comes near. */
export function Palette({ project, paths }: PaletteProps) {
  const [open, setOpen] = useState(false);
  const [used, setUsed] = useState(false);
  const [sheet, setSheet] = useState(false);
  const show = () => {
    setUsed(true);
    setOpen(true);
  };
  useShellKeys({ project, onPalette: show, onSheet: () => setSheet(true) });
  return (
    <>
      <button
        type="button"
        aria-haspopup="dialog"
        aria-keyshortcuts="Meta+K Control+K"
        onPointerEnter={() => void load()}
        onFocus={() => void load()}
        onClick={show}
        className="flex min-w-18 items-center gap-3 rounded-md border border-line-strong bg-surface px-2.5 py-1 text-faint hover:text-muted sm:w-64 sm:justify-between"
      >
        <span className="truncate">
          Search<span className="hidden sm:inline"> or run a command</span>
        </span>
        <kbd aria-hidden className="hidden rounded-sm border border-line px-1 font-mono text-xs sm:inline">
          ⌘K
        </kbd>
      </button>
      {used && (
        <PaletteDialog
          project={project}
          paths={paths}
          open={open}
          onOpenChange={setOpen}
          onKeys={() => setSheet(true)}
        />
      )}
      <KeySheet open={sheet} onOpenChange={setSheet} />
    </>
  );
}
