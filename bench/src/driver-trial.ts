import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import postgres from "postgres";

/** Runs in a process of its own, because a driver's stray error may end it. Prints its counts as one line of JSON. */
const [driver, url = ""] = process.argv.slice(2);
const WORKERS = 8;
const RUN_MS = 8_000;
const CALL_LIMIT_MS = 4_000;
const ROWS = 3;

type Work = (insert: (row: number) => Promise<unknown>) => Promise<void>;
type Transaction = (id: string, kind: string, work: Work) => Promise<void>;

class IntendedRollback extends Error {}

let uncaught = 0;
process.on("uncaughtException", () => {
  uncaught += 1;
});
process.on("unhandledRejection", () => {
  uncaught += 1;
});

function withPg(): Transaction {
  const pool = new pg.Pool({ connectionString: url, max: 4, application_name: "trial" });
  pool.on("error", () => {});
  pool.on("connect", (client) => client.on("error", () => {}));
  return async (id, kind, work) => {
    const client = await pool.connect();
    let broken = false;
    try {
      await client.query("begin");
      await work((row) => client.query("insert into trial (id, row, kind) values ($1, $2, $3)", [id, row, kind]));
      await client.query("commit");
    } catch (error) {
      await client.query("rollback").catch(() => {
        broken = true;
      });
      throw error;
    } finally {
      client.release(broken);
    }
  };
}

function withPostgres(): Transaction {
  const sql = postgres(url, { max: 4, onnotice: () => {}, connection: { application_name: "trial" } });
  return async (id, kind, work) => {
    await sql.begin((transaction) =>
      work((row) => transaction`insert into trial (id, row, kind) values (${id}, ${row}, ${kind})`),
    );
  };
}

const admin = new pg.Pool({ connectionString: url, max: 2 });
admin.on("error", () => {});
await admin.query("drop table if exists trial; create table trial (id text, row int, kind text)");

const transaction = driver === "pg" ? withPg() : withPostgres();
const until = performance.now() + RUN_MS;
const committed = new Set<string>();
let hung = 0;

async function worker(name: number): Promise<void> {
  for (let count = 0; performance.now() < until; count += 1) {
    const id = `${name}-${count}`;
    const rollBack = Math.random() < 0.2;
    const attempt = transaction(id, rollBack ? "rolled back" : "committed", async (insert) => {
      for (let row = 0; row < ROWS; row += 1) {
        await insert(row);
        await sleep(20 + Math.random() * 120);
      }
      if (rollBack) throw new IntendedRollback();
    });
    const outcome = await Promise.race([
      attempt.then(
        () => "committed",
        () => "failed",
      ),
      sleep(CALL_LIMIT_MS, "hung", { ref: false }),
    ]);
    if (outcome === "committed") committed.add(id);
    if (outcome === "hung") hung += 1;
  }
}

async function nemesis(): Promise<void> {
  while (performance.now() < until) {
    await admin.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'trial' order by random() limit 1",
    );
    await sleep(120);
  }
}

await Promise.all([nemesis(), ...Array.from({ length: WORKERS }, (_, name) => worker(name))]);
await sleep(800);
const { rows } = await admin.query<{ id: string; count: number; kind: string }>(
  "select id, count(*)::int as count, max(kind) as kind from trial group by id",
);
const found = new Map(rows.map((row) => [row.id, row.count]));
process.stdout.write(
  `${JSON.stringify({
    committed: committed.size,
    partly_visible: rows.filter((row) => row.count !== ROWS).length,
    rolled_back_but_visible: rows.filter((row) => row.kind === "rolled back").length,
    acknowledged_but_lost: [...committed].filter((id) => found.get(id) !== ROWS).length,
    hung_calls: hung,
    uncaught_errors: uncaught,
  })}\n`,
);
process.exit(0);
