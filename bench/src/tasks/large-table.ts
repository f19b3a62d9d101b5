import pg from "pg";
import { agentUuidSql, FLEET_SIZE, PROJECT } from "../fleet.ts";

export interface LargeTable {
  readonly finished: number;
  readonly waiting: number;
  /** Whether the statistics know of it; without, they are those of before, as they may be after a sudden rush. */
  readonly analyze?: boolean;
}

export const LARGE: LargeTable = { finished: 1_000_000, waiting: 100_000 };

const WRITERS = 4;
const PER_TRANSACTION = 25_000;
const OTHER_LANES = 100;
const FINISHED_WITHIN = "30 days";

/**
 * Fills the table with tasks that have ended, run by all agents of the fleet, and with tasks that wait: half of them in the lane
 * that the benchmark's agents work on, older than what it creates, and half in lanes that nobody serves. They have no history.
 */
export async function fillTable(url: string, { finished, waiting, analyze = true }: LargeTable): Promise<void> {
  await using(url, async (client) => {
    await client.query(
      `insert into queues (id, workspace_id, project_id, name) select uuidv7(), workspace_id, id, 'default' from projects
       where id = '${PROJECT}' on conflict do nothing`,
    );
    await client.query(
      `insert into lanes (workspace_id, project_id, queue, capability, required_labels)
       select p.workspace_id, p.id, 'default', case n when 0 then 'work' else 'other-' || n end, '{}'
       from projects p, generate_series(0, ${OTHER_LANES}) n where p.id = '${PROJECT}' on conflict do nothing`,
    );
  });
  const parts = [...partsOf(finished, ENDED), ...partsOf(waiting, WAITING)];
  await Promise.all(
    Array.from({ length: WRITERS }, () =>
      using(url, async (client) => {
        // The rows are what the keys want: checking each would take longer than writing it.
        await client.query("set session_replication_role = replica");
        for (let part = parts.shift(); part; part = parts.shift())
          await client.query(part.insert, [part.from, part.to]);
      }),
    ),
  );
  if (analyze) await using(url, async (client) => void (await client.query("vacuum analyze tasks")));
}

function partsOf(count: number, insert: string) {
  return Array.from({ length: Math.ceil(count / PER_TRANSACTION) }, (_, part) => ({
    insert,
    from: part * PER_TRANSACTION,
    to: Math.min(count, (part + 1) * PER_TRANSACTION) - 1,
  }));
}

const ENDED = `
  insert into tasks (id, workspace_id, project_id, lane_id, kind, capability, agent_id, state, version, attempt, input, output,
    run_at, created_at, started_at, state_since, finished_at)
  select uuidv7(created - clock_timestamp()), l.workspace_id, l.project_id, l.id, 'work', l.capability, ${agentUuidSql(`1 + n % ${FLEET_SIZE}`)},
         case when n % 50 = 0 then 'FAILED' when n % 50 = 1 then 'CANCELLED' else 'SUCCEEDED' end, 4, 1, '{}', '{}',
         created, created, created + interval '1 second', created + interval '2 seconds', created + interval '2 seconds'
  from generate_series($1::int, $2::int) n
  join lanes l on l.project_id = '${PROJECT}' and l.capability = case n % 2 when 0 then 'work' else 'other-' || (1 + n / 2 % ${OTHER_LANES}) end
  cross join lateral (select now() - interval '${FINISHED_WITHIN}' * (1 - n::float8 / ${LARGE.finished}) - interval '1 day' as created) at
  order by n`;

const WAITING = `
  insert into tasks (id, workspace_id, project_id, lane_id, kind, capability, input, run_at, created_at, state_since)
  select uuidv7(created - clock_timestamp()), l.workspace_id, l.project_id, l.id, 'work', l.capability, '{}', created, created, created
  from generate_series($1::int, $2::int) n
  join lanes l on l.project_id = '${PROJECT}' and l.capability = case n % 2 when 0 then 'work' else 'other-' || (1 + n / 2 % ${OTHER_LANES}) end
  cross join lateral (select now() - interval '1 day' * (1 - n::float8 / ${LARGE.waiting}) as created) at
  order by n`;

async function using(url: string, work: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
