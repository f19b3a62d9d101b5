import type { Delays, Quantiles } from "./delays.ts";
import { type HostileClient, openHostileClient } from "./faults/hostile-client.ts";
import { type Site, wait } from "./site.ts";

/** Healthy clients' p99 may rise by this factor, or by this much, on a machine that does other things too. */
const FACTOR = 5;
const SLACK_MS = 500;

/** Harm comes each time; what else the machine does, now and then. */
const TIMES = 3;

/** Measures healthy clients' delays without, with, and again without a hostile client on every server. */
export async function measureHostility(site: Site, delays: Delays): Promise<void> {
  for (let time = 1; ; time += 1) {
    const { usual, hostile } = await measureOnce(site, delays);
    if (hostile <= Math.max(usual * FACTOR, usual + SLACK_MS)) return;
    if (time < TIMES) continue;
    site.journal.violated("unharmed", `p99 rose from ${usual.toFixed(0)} to ${hostile.toFixed(0)} ms, ${TIMES} times`);
    return;
  }
}

/** The 99th percentiles, in milliseconds. */
async function measureOnce(site: Site, delays: Delays): Promise<{ usual: number; hostile: number }> {
  const { journal, scale, replicas } = site;
  const window = () => delays.measure(() => wait(site, scale.windowMs));
  const before = await window();
  const opened = await Promise.all(replicas.map((replica) => openHostileClient(site, replica)));
  const clients = opened.filter((client): client is HostileClient => client !== null);
  let hostile: Quantiles;
  try {
    hostile = await window();
  } finally {
    await Promise.all(clients.map((client) => client.release()));
  }
  const after = await window();
  journal.note(
    `delays of healthy clients: ${describe(before)}; with hostile ones beside them ${describe(hostile)}; then ${describe(after)}`,
  );
  return { usual: Math.max(before.p99, after.p99), hostile: hostile.p99 };
}

function describe({ count, p50, p99 }: Quantiles): string {
  return `p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms of ${count}`;
}
