/** Numbers that one seed decides. */
export interface Random {
  /** From 0 up to 1. */
  next(): number;
  /** A whole number from `least` to `most`. */
  between(least: number, most: number): number;
  pick<Value>(values: readonly Value[]): Value;
  shuffled<Value>(values: readonly Value[]): Value[];
  /** Another stream of numbers, decided by the same seed: what is drawn from one does not move the other. */
  branch(name: string): Random;
}

/** mulberry32 (Tommy Ettinger, 2017): small, fast, and good enough to choose what happens next. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const between = (least: number, most: number) => least + Math.floor(next() * (most - least + 1));
  return {
    next,
    between,
    pick<Value>(values: readonly Value[]): Value {
      const index = between(0, values.length - 1);
      if (index < 0) throw new RangeError("There is nothing to pick from.");
      return values[index] as Value;
    },
    shuffled(values) {
      const left = [...values];
      return values.map(() => left.splice(between(0, left.length - 1), 1)[0] as (typeof left)[number]);
    },
    branch(name) {
      let hash = seed;
      for (const character of name) hash = Math.imul(hash ^ character.charCodeAt(0), 16_777_619);
      return createRandom(hash);
    },
  };
}
