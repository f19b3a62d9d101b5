import pg from "pg";

export const FLEET_SIZE = 10_000;
const PREFIX = "00000000-0000-7000-8000-";
export const WORKSPACE = `${PREFIX}f00000000001`;
/** The project (UUID) of the fleet. */
export const PROJECT = `${PREFIX}f00000000002`;
const DEFINITION = `${PREFIX}f00000000003`;

/** The id (UUID) of the agent with this number, 1 to FLEET_SIZE. */
export function agentUuid(number: number): string {
  return PREFIX + number.toString(16).padStart(12, "0");
}

/** The same in SQL, from an integer expression. */
export function agentUuidSql(number: string): string {
  return `('${PREFIX}' || lpad(to_hex(${number}), 12, '0'))::uuid`;
}

/** Fills a migrated database with a fleet of agents that are ONLINE. */
export async function createFleet(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(`
      insert into workspaces (id, slug, name) values ('${WORKSPACE}', 'bench', 'Bench');
      insert into projects (id, workspace_id, slug, name) values ('${PROJECT}', '${WORKSPACE}', 'fleet', 'Fleet');
      insert into agent_definitions (id, slug, name, type, capabilities, config_schema, metadata)
        values ('${DEFINITION}', 'bench', 'Bench', 'bench', '{work}', '{}', '{}');
      insert into agent_definition_versions (definition_id, version, type, capabilities, config_schema, metadata)
        values ('${DEFINITION}', 1, 'bench', '{work}', '{}', '{}');
      insert into agents (id, workspace_id, project_id, definition_id, definition_version, name, state, capabilities)
        select ${agentUuidSql("n")}, '${WORKSPACE}', '${PROJECT}', '${DEFINITION}', 1, 'agent-' || n, 'ONLINE', '{work}'
        from generate_series(1, ${FLEET_SIZE}) n;
      insert into agent_bundle_heads (agent_id, number) select id, 1 from agents;
      insert into agent_bundles (agent_id, number, definition_version, config, max_concurrency, author)
        select id, 1, definition_version, config, max_concurrency, '{"kind": "SYSTEM", "id": null, "name": "bench"}' from agents`);
    await client.query("vacuum analyze");
  } finally {
    await client.end();
  }
}

/** Every agent ONLINE again, and the table as fresh as at the start: each measurement begins alike. */
export async function resetFleet(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query("update agents set state = 'ONLINE' where state <> 'ONLINE'");
    await client.query("vacuum analyze agents");
    await client.query("checkpoint");
  } finally {
    await client.end();
  }
}

/** Lets the agents of these numbers hold so many tasks at once; the others hold one. */
export async function allowConcurrency(url: string, numbers: readonly number[], tasks: number): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const values = [numbers.map(agentUuid), tasks];
    await client.query("update agents set max_concurrency = $2 where id = any($1)", values);
    await client.query("update agent_bundles set max_concurrency = $2 where agent_id = any($1)", values);
  } finally {
    await client.end();
  }
}
