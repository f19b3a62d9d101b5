import type { AgentState } from "#api/generated/graphql.ts";
import { durationText } from "#components/time.tsx";

/** Failures further apart than this are not one story. */
const TOGETHER_MS = 60 * 60_000;

/** "It is the 13th time that it failed, the last 3 within 1 m 30 s." Null for a first time. */
export function failuresText(count: number, recent: readonly string[]): string | null {
  if (count < 2) return null;
  const times = recent.map((at) => Date.parse(at)).sort((one, other) => other - one);
  const [newest] = times;
  const together = newest === undefined ? [] : times.filter((at) => newest - at <= TOGETHER_MS);
  const first = together.at(-1);
  const within =
    together.length > 1 && newest !== undefined && first !== undefined
      ? `, ${together.length === count ? "all" : "the last"} ${together.length} within ${durationText(Math.max(1_000, newest - first))}`
      : "";
  return `It is the ${ordinal(count)} time that it failed${within}.`;
}

/** "2nd", "13th". */
function ordinal(count: number): string {
  const suffix =
    { one: "st", two: "nd", few: "rd" }[new Intl.PluralRules("en", { type: "ordinal" }).select(count) as string] ??
    "th";
  return `${count}${suffix}`;
}

interface Lost {
  readonly id: string;
  readonly state: string;
}

/** What became of the tasks that it held: "It held 2 tasks; both went back to the queue and have succeeded since." */
export function lostText(lost: readonly Lost[]): string | null {
  if (lost.length === 0) return null;
  const all = lost.length === 1 ? "it" : lost.length === 2 ? "both" : "all of them";
  const is = (...states: string[]) => lost.filter(({ state }) => states.includes(state)).length;
  const now = [
    [is("SUCCEEDED"), "succeeded elsewhere"],
    [is("ASSIGNED", "RUNNING", "CANCELLING"), "run again"],
    [is("WAITING", "QUEUED"), "wait for an agent"],
    [is("FAILED"), "failed for good"],
    [is("CANCELLED", "EXPIRED"), "were given up"],
  ] as const;
  const told = now.filter(([count]) => count > 0).map(([count, what]) => [count, what] as const);
  const [only] = told;
  const outcome =
    told.length === 1 && only
      ? `${all} ${lost.length === 1 ? singular(only[1]) : only[1]}`
      : told.map(([count, what]) => `${count} ${count === 1 ? singular(what) : what}`).join(", ");
  return `It lost ${lost.length === 1 ? "a task" : `${lost.length} tasks`}: ${outcome}.`;
}

function singular(words: string): string {
  return words
    .replace(/^run /, "runs ")
    .replace(/^wait /, "waits ")
    .replace(/^were /, "was ");
}

/** What a state that is no trouble, but no work either, means, and what to do next. */
export const STANDING: Partial<Record<AgentState, { readonly title: string; readonly next: string }>> = {
  REGISTERED: {
    title: "No process has connected for it yet.",
    next: "Start has the supervisor run one, where its package is installed; or run one yourself with the key that it was registered with.",
  },
  DEPLOYING: {
    title: "Its process is being started.",
    next: "It has to connect within a minute; else it is in Error.",
  },
  SUSPENDED: { title: "It is suspended and given no work.", next: "Resume gives it work again." },
  MAINTENANCE: { title: "It is in maintenance and given no work.", next: "Resume gives it work again." },
  OFFLINE: { title: "Its process has stopped.", next: "Start runs it again." },
  DECOMMISSIONED: {
    title: "It is retired for good.",
    next: "Its history stays here. Register a new agent to replace it.",
  },
};
