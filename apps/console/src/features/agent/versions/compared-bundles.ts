export interface ComparedBundles {
  readonly from: number;
  readonly to: number;
}

/** The two bundles that an address names, as "3..5"; by default what the newest has changed. Null when there is only one. */
export function comparedBundles(named: string | null, newest: number): ComparedBundles | null {
  const [, from, to] = /^(\d{1,9})\.\.(\d{1,9})$/.exec(named ?? "") ?? [];
  if (from !== undefined && to !== undefined) {
    const pair = { from: Number(from), to: Number(to) };
    if (pair.from >= 1 && pair.to >= 1 && pair.from <= newest && pair.to <= newest && pair.from !== pair.to)
      return pair;
  }
  return newest > 1 ? { from: newest - 1, to: newest } : null;
}

export function comparedText({ from, to }: ComparedBundles): string {
  return `${from}..${to}`;
}

/** The chosen ones, after one more was chosen or let go of; of three the one that was chosen first falls out. */
export function chosenWith(chosen: readonly number[], number: number): number[] {
  if (chosen.includes(number)) return chosen.filter((each) => each !== number);
  return [...chosen, number].slice(-2);
}
