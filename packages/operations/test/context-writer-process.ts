import { openDatabase } from "@muster/database/database.ts";
import { type Caller, within } from "@muster/domain/actor.ts";
import { AGENT_PERMISSIONS } from "@muster/domain/permissions.ts";
import { writeContext } from "../src/contexts/versions/write-context.ts";
import { DEFAULT_SETTINGS } from "../src/settings.ts";

/** What a process writes, as JSON in argv[2]. */
export interface ContextWriter {
  readonly url: string;
  readonly contextId: string;
  readonly agent: {
    readonly id: string;
    readonly name: string;
    readonly workspaceId: string;
    readonly projectId: string;
  };
  /** Begins the idempotency keys and the members that it adds. */
  readonly prefix: string;
  /** How many members it adds, one after the other, each by a write of its own. */
  readonly writes: number;
  /** It kills itself before the statement of this number, counted from 0; or `during` it: when it has been sent. Never: null. */
  readonly dieAt: number | null;
  readonly during: boolean;
}

// A process that is killed while it writes. It prints the members that were acknowledged.
const { url, contextId, agent, prefix, writes, dieAt, during } = JSON.parse(process.argv[2] ?? "") as ContextWriter;
const database = openDatabase({ url, connections: 1 });
const { id, name, workspaceId, projectId } = agent;
const actor = {
  kind: "AGENT",
  id,
  name,
  reach: within(workspaceId, projectId),
  permissions: new Set(AGENT_PERMISSIONS),
} as const;
const caller: Caller = { actor, correlationId: prefix, origin: null };

let statements = 0;
const die = () => void process.kill(process.pid, "SIGKILL");
const run: typeof database.run = (statement, values) => {
  const at = statements++;
  if (at === dieAt && !during) die();
  const answer = database.run(statement, values);
  // The socket has it when the turn ends.
  if (at === dieAt) setImmediate(() => setImmediate(die));
  return answer;
};
const runtime = { database: { ...database, run }, settings: DEFAULT_SETTINGS, committed: () => {} };

for (let write = 0; write < writes; write++) {
  const member = `${prefix}-${write}`;
  await writeContext(runtime, caller, { contextId, mergePatch: { [member]: write }, idempotencyKey: member });
  process.stdout.write(`${member}\n`);
}
await database.close();
