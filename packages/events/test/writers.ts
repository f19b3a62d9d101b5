import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { changeSubject } from "../src/testing/subjects.ts";

/** How the writers of a recorded history behave. */
export interface Load {
  readonly writers: number;
  readonly durationMs: number;
  /** Parts of one. */
  readonly multiStatement: number;
  readonly rolledBack: number;
  /** A transaction of several statements stays open for up to so long between them. */
  readonly openMs: number;
  /** Every so often a backend of a writer or of a feed is killed. */
  readonly killEveryMs: number;
}

export interface Written {
  /** Acknowledged commits: subject and version of each event. */
  readonly acknowledged: { readonly subjectId: string; readonly version: number }[];
  readonly rolledBack: number;
  readonly unknown: number;
  readonly killed: number;
}

/** Appends events of a project from many connections at once until the time is over. `committed` is called after each commit. */
export async function writeEvents(
  url: string,
  projectId: string,
  subjects: string[],
  load: Load,
  committed: () => void,
): Promise<Written> {
  const pool = new pg.Pool({ connectionString: url, max: load.writers, application_name: "writer" });
  pool.on("error", () => {});
  pool.on("connect", (client) => client.on("error", () => {}));
  const killer = new pg.Client({ connectionString: url, application_name: "killer" });
  await killer.connect();
  const until = performance.now() + load.durationMs;
  const acknowledged: { subjectId: string; version: number }[] = [];
  let [rolledBack, unknown, killed] = [0, 0, 0];
  const any = () => subjects[Math.floor(Math.random() * subjects.length)] ?? "";
  const query = { name: changeSubject.name, text: changeSubject.text };

  const one = async () => {
    const client = await pool.connect();
    const done: { subjectId: string; version: number }[] = [];
    const raise = async (id: string) => {
      const { rows } = await client.query<{ id: string; version: number }>({
        ...query,
        values: [id, projectId, null, {}],
      });
      done.push(...rows.map((row) => ({ subjectId: row.id, version: row.version })));
    };
    let broken = true;
    try {
      if (Math.random() >= load.multiStatement) await raise(any());
      else {
        await client.query("begin");
        for (const id of [any(), any(), any()].sort()) {
          await raise(id);
          await sleep(Math.random() < 0.02 ? load.openMs : (Math.random() * load.openMs) / 50);
        }
        const back = Math.random() < load.rolledBack;
        await client.query(back ? "rollback" : "commit");
        if (back) done.length = 0;
        if (back) rolledBack += 1;
      }
      broken = false;
      acknowledged.push(...done);
      committed();
    } catch {
      unknown += 1;
    } finally {
      client.release(broken);
    }
  };
  const write = async () => {
    // A pause now and then, so that readers also meet the end of the log.
    while (performance.now() < until) await (Math.random() < 0.1 ? sleep(20) : one().catch(() => (unknown += 1)));
  };
  const kill = async () => {
    while (performance.now() + load.killEveryMs < until) {
      await sleep(load.killEveryMs);
      const { rowCount } = await killer.query(
        `select pg_terminate_backend(pid) from pg_stat_activity
         where datname = current_database() and (application_name = 'writer' or application_name like 'muster%')
         order by random() limit 1`,
      );
      killed += rowCount ?? 0;
    }
  };
  await Promise.all([kill(), ...Array.from({ length: load.writers }, write)]);
  await Promise.all([pool.end(), killer.end()]);
  return { acknowledged, rolledBack, unknown, killed };
}
