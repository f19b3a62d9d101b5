import type { Page } from "playwright";

interface TraceEvent {
  readonly name: string;
  readonly cat: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds of processor time; unlike `dur`, it does not grow with what else the machine does. */
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
}

/**
 * Does something in the page, and answers how long the main threads of its renderers worked without a break, in milliseconds of
 * processor time, the longest first. A screen that takes long in one piece does not answer to its reader meanwhile.
 */
export async function busyTimes(page: Page, work: () => Promise<void>): Promise<number[]> {
  const browser = page.context().browser();
  if (!browser) throw new Error("A page without a browser cannot be traced.");
  await browser.startTracing(page, { categories: ["toplevel", "disabled-by-default-devtools.timeline", "__metadata"] });
  let trace: Buffer;
  try {
    await work();
  } finally {
    trace = await browser.stopTracing();
  }
  const { traceEvents } = JSON.parse(trace.toString()) as { readonly traceEvents: readonly TraceEvent[] };
  const threadOf = ({ pid, tid }: TraceEvent) => `${pid} ${tid}`;
  const main = new Set(
    traceEvents
      .filter(({ name, args }) => name === "thread_name" && args?.name === "CrRendererMain")
      .map((event) => threadOf(event)),
  );
  return traceEvents
    .filter((event) => event.ph === "X" && /RunTask/.test(event.name) && main.has(threadOf(event)))
    .map(({ tdur = 0 }) => tdur / 1_000)
    .toSorted((a, b) => b - a);
}
