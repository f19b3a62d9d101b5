import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import type { Replica } from "./replica.ts";

interface Sample {
  readonly at: number;
  readonly replica: string;
  readonly mib: number;
}

export interface Memory {
  /** The most that any server held in the first and in the last third of the time, in MiB. */
  end(): Promise<{ readonly first: number; readonly last: number }>;
}

const EVERY_MS = 1_000;
const run = promisify(execFile);

/** Watches the resident memory of the servers. */
export function watchMemory(replicas: readonly Replica[]): Memory {
  const samples: Sample[] = [];
  const begun = performance.now();
  let sampling = Promise.resolve();
  const timer = setInterval(() => {
    sampling = sampling.then(async () => {
      for (const { name, pid } of replicas) {
        const mib = pid === null ? null : await residentMib(pid);
        if (mib !== null) samples.push({ at: performance.now() - begun, replica: name, mib });
      }
    });
  }, EVERY_MS);
  return {
    async end() {
      clearInterval(timer);
      await sampling;
      const whole = performance.now() - begun;
      const most = (from: number, to: number) =>
        Math.max(0, ...samples.filter(({ at }) => at >= from * whole && at <= to * whole).map(({ mib }) => mib));
      return { first: most(0, 1 / 3), last: most(2 / 3, 1) };
    },
  };
}

/** Of a process, from the system's /proc, or its `ps` where there is none; null when the process is gone. */
async function residentMib(pid: number): Promise<number | null> {
  const kib =
    process.platform === "linux"
      ? readFile(`/proc/${pid}/status`, "utf8").then((status) => /VmRSS:\s+(\d+)/.exec(status)?.[1])
      : run("ps", ["-o", "rss=", "-p", String(pid)]).then(({ stdout }) => stdout.trim());
  const found = Number(await kib.catch(() => undefined));
  return found > 0 ? found / 1_024 : null;
}
