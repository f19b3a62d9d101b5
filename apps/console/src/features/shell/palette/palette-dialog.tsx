"use client";
import { Autocomplete } from "@base-ui/react/autocomplete";
import { Dialog } from "@base-ui/react/dialog";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { commands } from "#features/shell/palette/commands.ts";
import { foundItems } from "#features/shell/palette/found-items.ts";
import { matchingItems, type PaletteGroup, type PaletteItem } from "#features/shell/palette/palette-item.ts";
import { useFound } from "#features/shell/palette/use-found.ts";
import type { ProjectRoute } from "#routes.ts";

interface PaletteDialogProps {
  readonly project: ProjectRoute;
  readonly paths: readonly string[];
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly onKeys: () => void;
}

/** What the palette's key opens, loaded by palette.tsx: finds anything by name or id, and runs commands. */
export default function PaletteDialog({ open, onOpenChange, ...props }: PaletteDialogProps) {
  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-40 bg-shade" />
        <Dialog.Popup
          aria-label="Search or run a command"
          className="fixed top-[12vh] left-1/2 z-40 flex max-h-[min(560px,76vh)] w-[min(620px,calc(100vw-32px))] -translate-x-1/2 flex-col overflow-hidden rounded-lg border border-line-strong bg-raised shadow-float"
        >
          <Palette {...props} onClose={() => onOpenChange(false)} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

interface PaletteProps extends Pick<PaletteDialogProps, "project" | "paths" | "onKeys"> {
  readonly onClose: () => void;
}

function Palette({ project, paths, onKeys, onClose }: PaletteProps) {
  const router = useRouter();
  const [typed, setTyped] = useState("");
  const found = useFound(project, typed);
  const go = (href: string) => router.push(href);
  const things = found ? foundItems(project, found).map(({ href, ...item }) => ({ ...item, run: () => go(href) })) : [];
  const doable = matchingItems(commands({ project, paths, go, showKeys: onKeys }), typed);
  const groups: PaletteGroup[] = [
    { value: "In this project", items: things },
    { value: "Commands", items: doable },
  ].filter(({ items }) => items.length > 0);
  const searching = typed.trim() !== "" && found?.text !== typed.trim();
  const choose = (item: PaletteItem) => {
    onClose();
    item.run();
  };
  return (
    <Autocomplete.Root
      open
      inline
      items={groups}
      filter={null}
      value={typed}
      onValueChange={(value, { reason }) => reason !== "item-press" && setTyped(value)}
      itemToStringValue={(item: PaletteItem) => item.label}
      autoHighlight="always"
      keepHighlight
    >
      <Autocomplete.Input
        aria-label="A name, an id or a command"
        placeholder="A name, an id or a command"
        maxLength={200}
        className="border-b border-line bg-transparent px-4 py-3 text-lg outline-none placeholder:text-faint"
      />
      <div className="min-h-0 flex-1 overflow-y-auto p-1.5">
        <Autocomplete.Empty className="px-3 py-6 text-center text-muted empty:hidden">
          {searching ? "Looking…" : "Nothing has this name or id, and no command is called so."}
        </Autocomplete.Empty>
        <Autocomplete.List>
          {(group: PaletteGroup) => (
            <Autocomplete.Group key={group.value} items={group.items}>
              <Autocomplete.GroupLabel className="px-2.5 pt-2 pb-1 text-sm text-faint">
                {group.value}
              </Autocomplete.GroupLabel>
              <Autocomplete.Collection>
                {(item: PaletteItem) => (
                  <Autocomplete.Item
                    key={item.value}
                    value={item}
                    onClick={() => choose(item)}
                    className="flex cursor-default items-center gap-3 rounded-md px-2.5 py-1.5 outline-none select-none data-highlighted:bg-accent-soft"
                  >
                    <span className="min-w-0 grow truncate">{item.label}</span>
                    {item.note !== undefined && <span className="shrink-0 text-muted">{item.note}</span>}
                    {item.keys && (
                      <span aria-hidden className="flex shrink-0 gap-1">
                        {item.keys.map((key) => (
                          <kbd
                            key={key}
                            className="rounded-sm border border-line-strong px-1 font-mono text-xs text-muted"
                          >
                            {key}
                          </kbd>
                        ))}
                      </span>
                    )}
                  </Autocomplete.Item>
                )}
              </Autocomplete.Collection>
            </Autocomplete.Group>
          )}
        </Autocomplete.List>
      </div>
      {found?.failed && (
        <p role="alert" className="border-t border-line px-4 py-2 text-danger">
          Muster cannot be reached: names are not looked up now.
        </p>
      )}
    </Autocomplete.Root>
  );
}
