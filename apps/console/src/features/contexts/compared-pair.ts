interface Choice {
  /** The versions whose boxes are checked, two at most. */
  readonly chosen: readonly number[];
  /** The version that is shown. */
  readonly selected: number;
  readonly newest: number;
}

/**
 * Which two versions to compare, the older first: those that are chosen; the only one chosen and the newest; else the one
 * that is shown and the one before it. Null while there are not two.
 */
export function comparedPair({ chosen, selected, newest }: Choice): { from: number; to: number } | null {
  if (newest < 2) return null;
  const [one = selected, two] = chosen;
  if (two !== undefined) return { from: Math.min(one, two), to: Math.max(one, two) };
  if (chosen.length === 1 && one < newest) return { from: one, to: newest };
  const to = Math.min(Math.max(one, 2), newest);
  return { from: to - 1, to };
}

/** The choice after a box was checked or unchecked: of three the first gives way. */
export function toggleChoice(chosen: readonly number[], version: number): number[] {
  return chosen.includes(version) ? chosen.filter((each) => each !== version) : [...chosen, version].slice(-2);
}
