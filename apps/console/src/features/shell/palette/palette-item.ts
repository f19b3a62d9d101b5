/** Something that the palette leads to, or does. */
export interface PaletteItem {
  /** Unique in the palette. */
  readonly value: string;
  readonly label: string;
  /** Beside it: what it is, or more about it. */
  readonly note?: string;
  /** The keys that do the same. */
  readonly keys?: readonly string[];
  readonly run: () => void;
}

export interface PaletteGroup {
  readonly value: string;
  readonly items: readonly PaletteItem[];
}

/** The commands whose words all begin like one of those typed, in their order; all of them when nothing is typed. */
export function matchingItems(items: readonly PaletteItem[], typed: string): PaletteItem[] {
  const wanted = words(typed);
  return items.filter(({ label, note }) => {
    const there = words(`${label} ${note ?? ""}`);
    return wanted.every((word) => there.some((each) => each.startsWith(word)));
  });
}

function words(text: string): string[] {
  return text
    .toLowerCase()
    .split(/[\s/…:]+/)
    .filter(Boolean);
}
