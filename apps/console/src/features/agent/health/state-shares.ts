import type { AgentState } from "#api/generated/graphql.ts";

interface Span {
  readonly state: AgentState;
  readonly from: number;
  readonly to: number;
}

export interface StateShare {
  readonly state: AgentState;
  readonly milliseconds: number;
  /** Of all the time that is known, from 0 to 1. */
  readonly share: number;
}

const AT_WORK: readonly AgentState[] = ["ONLINE", "IDLE", "BUSY"];
/** Nobody expects work of it then. */
const ABSENT: readonly AgentState[] = ["REGISTERED", "DECOMMISSIONED"];

/** How much of the time it was in each state, the most first. */
export function stateShares(spans: readonly Span[]): StateShare[] {
  const all = spans.reduce((sum, { from, to }) => sum + to - from, 0);
  return [...Map.groupBy(spans, ({ state }) => state)]
    .map(([state, ofState]) => {
      const milliseconds = ofState.reduce((sum, { from, to }) => sum + to - from, 0);
      return { state, milliseconds, share: all === 0 ? 0 : milliseconds / all };
    })
    .sort((one, other) => other.milliseconds - one.milliseconds);
}

/** The same with all that is work as one: where its moves were too many to be counted, they cannot be told apart. */
export function workAsOne(
  shares: readonly StateShare[],
): (Omit<StateShare, "state"> & { readonly state: AgentState | null })[] {
  const work = shares.filter(({ state }) => AT_WORK.includes(state));
  if (work.length === 0) return [...shares];
  const sum = (of: (share: StateShare) => number) => work.reduce((total, share) => total + of(share), 0);
  return [
    { state: null, milliseconds: sum(({ milliseconds }) => milliseconds), share: sum(({ share }) => share) },
    ...shares.filter(({ state }) => !AT_WORK.includes(state)),
  ];
}

/** How much of the time since it was first brought up it was at work, from 0 to 1; null when it never was. */
export function availability(spans: readonly Span[]): number | null {
  const sum = (wanted: (state: AgentState) => boolean) =>
    spans.filter(({ state }) => wanted(state)).reduce((total, { from, to }) => total + to - from, 0);
  const expected = sum((state) => !ABSENT.includes(state));
  return expected === 0 ? null : sum((state) => AT_WORK.includes(state)) / expected;
}

/** "99.98 %": never rounded up to all, nor down to nothing. */
export function shareText(share: number): string {
  if (share >= 1) return "100 %";
  const rounded = Math.min(99.99, Math.max(share > 0 ? 0.01 : 0, Math.round(share * 10_000) / 100));
  return `${rounded >= 10 && rounded < 99 ? Math.round(rounded) : rounded} %`;
}
