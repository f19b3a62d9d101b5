import { openDatabase } from "@muster/database/database.ts";
import { statement } from "@muster/database/statement.ts";
import { createTestDatabase, type TestDatabase } from "@muster/database/test-database.ts";

/** What the project holds: agents that no process runs for, one of them with a long history, and tasks that have ended. */
export const LARGE = {
  path: "bulk/large",
  agents: 10_000,
  veteran: "veteran",
  events: 100_000,
  tasks: 20_000,
} as const;

const WORKSPACE = "00000000-0000-7000-8000-f00000000001";
const PROJECT = "00000000-0000-7000-8000-f00000000002";
const DEFINITION = "00000000-0000-7000-8000-f00000000003";
const QUEUE = "00000000-0000-7000-8000-f00000000004";
/** Whose state nothing but an operator changes. The veteran's is the first. */
const STATES = ["SUSPENDED", "OFFLINE", "MAINTENANCE", "REGISTERED", "ERROR"];

const TENANT = [
  `insert into workspaces (id, slug, name) values ('${WORKSPACE}', 'bulk', 'Bulk')`,
  `insert into projects (id, workspace_id, slug, name) values ('${PROJECT}', '${WORKSPACE}', 'large', 'Large')`,
  `insert into agent_definitions (id, workspace_id, slug, name, type, capabilities, config_schema, metadata)
     values ('${DEFINITION}', '${WORKSPACE}', 'extra', 'Extra', 'extra', '{stand}', '{}', '{}')`,
  `insert into agent_definition_versions (definition_id, version, type, capabilities, config_schema, metadata)
     values ('${DEFINITION}', 1, 'extra', '{stand}', '{}', '{}')`,
];

const FLEET = [
  `insert into agents (id, workspace_id, project_id, definition_id, definition_version, name, state, version, capabilities, labels, state_since)
     select ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, '${WORKSPACE}', '${PROJECT}', '${DEFINITION}', 1,
       case n when 1 then '${LARGE.veteran}' else 'extra-' || lpad(n::text, 5, '0') end,
       ('{${STATES.join()}}'::text[])[1 + (n - 1) % ${STATES.length}], case n when 1 then ${LARGE.events} else 1 end, '{stand}',
       jsonb_build_object('row', (n % 100)::text), clock_timestamp() - interval '1 hour'
     from generate_series(1, ${LARGE.agents}) n`,
  `insert into agent_bundles (agent_id, number, definition_version, config, max_concurrency, author)
     select id, 1, 1, config, 1, '{"kind": "SYSTEM", "id": null, "name": "muster"}' from agents where project_id = '${PROJECT}'`,
  `insert into agent_bundle_heads (agent_id, number) select id, 1 from agents where project_id = '${PROJECT}'`,
];

/** Suspended and resumed, once a second until an hour ago. */
const HISTORY = [
  `insert into events (workspace_id, project_id, type, subject_id, subject_version, agent_id, actor_kind, actor_name, reason, payload, labels, at)
     select '${WORKSPACE}', '${PROJECT}', 'agent.transitioned', a.id, n, a.id, 'SYSTEM', 'muster', 'rehearsal ' || n,
       case n % 2 when 0 then '{"from": "ONLINE", "to": "SUSPENDED", "action": "SUSPEND", "durationMs": 1000}'::jsonb
                  else '{"from": "SUSPENDED", "to": "ONLINE", "action": "RESUME", "durationMs": 1000}'::jsonb end,
       a.labels, clock_timestamp() - interval '1 hour' - (${LARGE.events} - n) * interval '1 second'
     from agents a, generate_series(1, ${LARGE.events}) n where a.name = '${LARGE.veteran}' order by n`,
];

/** One each second, and done at once. */
const TASKS = [
  `insert into queues (id, workspace_id, project_id, name) values ('${QUEUE}', '${WORKSPACE}', '${PROJECT}', 'default')`,
  `insert into lanes (workspace_id, project_id, queue, capability, required_labels)
     values ('${WORKSPACE}', '${PROJECT}', 'default', 'stand', '{}')`,
  `insert into tasks (id, workspace_id, project_id, lane_id, kind, queue, capability, agent_id, state, version, attempt, input, output,
       run_at, created_at, started_at, state_since, finished_at)
     select ('00000000-0000-7001-8000-' || lpad(to_hex(n), 12, '0'))::uuid, '${WORKSPACE}', '${PROJECT}', l.id, 'stand', 'default', 'stand', a.id, 'SUCCEEDED', 4, 1,
       jsonb_build_object('place', n), '{"stood": true}', created, created, created, created, created
     from generate_series(1, ${LARGE.tasks}) n
     cross join lateral (select clock_timestamp() - interval '1 hour' - (${LARGE.tasks} - n) * interval '1 second' as created) c
     join lanes l on l.project_id = '${PROJECT}'
     join agents a on a.project_id = '${PROJECT}' and a.name = '${LARGE.veteran}' order by n`,
];

/**
 * A database of its own with a project as large as they come, written beneath the API, which would take minutes. It has to be dropped
 * after the servers that use it have ended.
 */
export async function createLargeProject(): Promise<TestDatabase> {
  const created = await createTestDatabase();
  const database = openDatabase({ url: created.url, connections: 1 });
  try {
    for (const text of [...TENANT, ...FLEET, ...HISTORY, ...TASKS, "analyze"])
      await database.run(statement<never>(text), []);
  } finally {
    await database.close();
  }
  return created;
}
