import { percentile } from "../median.ts";
import { type Figure, say } from "../report.ts";
import type { ServerProcess } from "../server-process.ts";
import { askOverHttp, COMPARE, READ, WRITE } from "./api.ts";
import { type History, timed } from "./history.ts";
import { p99 } from "./in-turns.ts";

const TIMES = 200;

/** The same through a server, as GraphQL over HTTP: writing, reading any version, comparing any two. */
export async function overHttp(server: ServerProcess, history: History): Promise<Figure[]> {
  const ask = askOverHttp(server);
  const id = history.publicId;
  const reads: number[] = [];
  const writes: number[] = [];
  const diffs: number[] = [];
  for (let time = 0; time < TIMES; time += 1) {
    const data = history.edit();
    writes.push(await timed(() => ask(WRITE, { input: { contextId: id, data } })));
    const [number, from, to] = [history.anyVersion(), history.anyVersion(), history.anyVersion()];
    reads.push(await timed(() => ask(READ, { id, number })));
    diffs.push(await timed(() => ask(COMPARE, { id, from, to })));
  }
  const all = { "read.http": reads, "write.http": writes, "diff.http": diffs };
  for (const [name, times] of Object.entries(all)) say(`${name}: p50 ${percentile(times, 0.5).toFixed(2)} ms`);
  return Object.entries(all).map(([name, times]) => p99(name, times));
}
