import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { authorize, reachOf } from "../authorize.ts";
import type { Runtime } from "../runtime.ts";

/** How work reaches an agent's process. BROKEN: it did not start what it was given, as often in a row as is allowed. */
export const AGENT_CHANNELS = ["OK", "BROKEN"] as const;
export type AgentChannel = (typeof AGENT_CHANNELS)[number];

/** The signs of life of an agent, and what Muster makes of them. */
export interface AgentHealth {
  readonly agentId: string;
  /** What its process said last about how busy it is; null when it says nothing. */
  readonly load: number | null;
  readonly lastHeartbeatAt: Date | null;
  readonly heartbeatTimeoutMs: number;
  readonly missedOffers: number;
  readonly missedOffersLimit: number;
  /** null: none has connected yet. */
  readonly channel: AgentChannel | null;
  readonly incarnation: number;
  /** When the process that speaks for it connected; null before the first, and when that is too long ago to be known. */
  readonly connectedAt: Date | null;
}

type Row = Pick<AgentHealth, "agentId" | "load" | "lastHeartbeatAt" | "missedOffers" | "incarnation" | "connectedAt">;

// The first two conditions on the event are those of the index `events_agent_requests_index`.
const healthById = statement<Row>(`
  select a.id as "agentId", h.load, h.at as "lastHeartbeatAt", a.missed_offers as "missedOffers", a.incarnation,
         connection.at as "connectedAt"
  from agents a
  left join agent_heartbeats h on h.agent_id = a.id and h.incarnation = a.incarnation
  left join lateral (
    select e.at, e.payload from events e
    where e.type in ('agent.connected', 'agent.drain_requested', 'agent.drain_cancelled', 'agent.transitioned')
      and coalesce(e.payload ->> 'action', '') not in ('ASSIGN', 'RELEASE')
      and e.agent_id = a.id and e.type = 'agent.connected'
    order by e.id desc limit 1
  ) connection on (connection.payload ->> 'incarnation')::int = a.incarnation
  where a.id = any($1::uuid[]) and ($2::uuid[] is null or a.workspace_id = any($2)) and ($3::uuid[] is null or a.project_id = any($3))`);

/** How the agents with these ids are that the caller may see, by id. */
export async function readAgentHealth(
  runtime: Runtime,
  caller: Caller,
  ids: readonly string[],
): Promise<ReadonlyMap<string, AgentHealth>> {
  caller = authorize(caller, "agent.read");
  const { heartbeatTimeoutMs, missedOffersLimit } = runtime.settings;
  const rows = await runtime.database.run(healthById, [ids, ...reachOf(caller)]);
  return new Map(
    rows.map((row) => {
      const channel = row.missedOffers < missedOffersLimit ? "OK" : "BROKEN";
      return [
        row.agentId,
        { ...row, channel: row.incarnation === 0 ? null : channel, heartbeatTimeoutMs, missedOffersLimit },
      ];
    }),
  );
}
