import pg from "pg";
import { agentUuidSql, FLEET_SIZE, PROJECT } from "../fleet.ts";

const WRITERS = 4;
const PER_TRANSACTION = 5_000;

/** Appends transitions of the fleet's agents to the log, in many transactions of several writers at once. */
export async function insertHistory(url: string, events: number): Promise<void> {
  const perWriter = events / WRITERS / PER_TRANSACTION;
  await Promise.all(
    Array.from({ length: WRITERS }, async (_, writer) => {
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      try {
        for (let done = 0; done < perWriter; done += 1) await insert(client, writer + done * WRITERS);
      } finally {
        await client.end();
      }
    }),
  );
}

async function insert(client: pg.Client, transaction: number): Promise<void> {
  const first = transaction * PER_TRANSACTION;
  await client.query(
    `insert into events (workspace_id, project_id, type, subject_id, subject_version, agent_id, actor_kind, actor_name, reason, payload)
      select p.workspace_id, p.id, 'agent.transitioned', agent.id, 1000 + n / ${FLEET_SIZE}, agent.id, 'SYSTEM', 'bench', 'bench',
        '{"from": "ONLINE", "to": "MAINTENANCE", "action": "MAINTAIN", "durationMs": 12}'
      from projects p, generate_series($2::int, $2::int + $3::int - 1) n,
        lateral (select ${agentUuidSql(`n % ${FLEET_SIZE} + 1`)} as id) agent
      where p.id = $1 order by n`,
    [PROJECT, first, PER_TRANSACTION],
  );
}
