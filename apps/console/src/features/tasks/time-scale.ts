/** A stretch of time, in milliseconds since 1970. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

export interface TimeScale {
  /** Where a time stands, from 0 to 1. */
  readonly at: (time: number) => number;
  /** Stretches that are drawn shorter than they were. */
  readonly shortened: readonly Stretch[];
  /** Times to name beneath it. */
  readonly ticks: readonly number[];
}

/** A wait that is drawn shorter takes so much of the room that work takes. */
const WAIT_SHARE = 0.12;
/** Waits that take more than this of the whole are worth it. */
const LONG_SHARE = 0.5;
const STEPS = [
  1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000,
  1_800_000, 3_600_000, 7_200_000, 21_600_000, 43_200_000, 86_400_000,
];
const TICKS = 6;
const LEAST_APART = 0.1;

/** Whether so much of the time is waiting that work could hardly be seen. */
export function isMostlyWaiting(whole: Stretch, work: readonly Stretch[]): boolean {
  const worked = total(work);
  return worked > 0 && 1 - worked / Math.max(1, whole.to - whole.from) > LONG_SHARE;
}

/** Puts times onto a line. With `shorten`, long stretches without work take little room. `work` is in order. */
export function timeScale(whole: Stretch, work: readonly Stretch[], shorten: boolean): TimeScale {
  const longest = Math.max(1, total(work) * WAIT_SHARE);
  const pieces: (Stretch & { readonly room: number; readonly wait: boolean })[] = [];
  let reached = whole.from;
  const add = (to: number, wait: boolean) => {
    if (to <= reached) return;
    const length = to - reached;
    pieces.push({ from: reached, to, wait, room: shorten && wait ? Math.min(length, longest) : length });
    reached = to;
  };
  for (const { from, to } of work) {
    add(Math.min(from, whole.to), true);
    add(Math.min(to, whole.to), false);
  }
  add(whole.to, true);
  const room = Math.max(
    1,
    pieces.reduce((sum, piece) => sum + piece.room, 0),
  );
  const at = (time: number) => {
    let before = 0;
    for (const { from, to, room: own } of pieces) {
      if (time < to) return (before + (own * Math.max(0, time - from)) / (to - from)) / room;
      before += own;
    }
    return pieces.length === 0 ? 0 : 1;
  };
  const shortened = pieces.filter(({ from, to, room: own }) => own < to - from);
  const ticks =
    shortened.length === 0
      ? evenTicks(whole)
      : apart(
          pieces.map(({ from }) => from),
          at,
        );
  return { at, shortened, ticks };
}

function evenTicks({ from, to }: Stretch): number[] {
  const step = STEPS.find((each) => (to - from) / each <= TICKS) ?? (to - from) / TICKS;
  const ticks: number[] = [];
  // The last one would stand beyond the line.
  for (let time = from; time < to - step * 0.4; time += step) ticks.push(time);
  return ticks;
}

function apart(times: readonly number[], at: TimeScale["at"]): number[] {
  const ticks: number[] = [];
  for (const time of times) {
    const last = ticks.at(-1);
    if (at(time) <= 1 - LEAST_APART && (last === undefined || at(time) - at(last) >= LEAST_APART)) ticks.push(time);
  }
  return ticks;
}

function total(stretches: readonly Stretch[]): number {
  return stretches.reduce((sum, { from, to }) => sum + Math.max(0, to - from), 0);
}
