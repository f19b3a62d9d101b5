import type { Connection } from "@muster/database/database.ts";
import { statement } from "@muster/database/statement.ts";
import { type Authenticated, earlier, type Freshness } from "./authenticated.ts";
import { agentActor, isLiveAgent } from "./live-key.ts";
import { recentAnswer } from "./recent-answers.ts";

/** A client certificate that a trusted authority has signed, and whose agent it names. */
export interface AgentCertificate {
  /** Tells it from every other. */
  readonly fingerprint: string;
  /** The agent's UUID. */
  readonly agentId: string;
  readonly expiresAt: Date;
}

const agentById = statement<{ id: string; name: string; workspaceId: string; projectId: string }>(`
  select a.id, a.name, a.workspace_id as "workspaceId", a.project_id as "projectId" from agents a where a.id = $1 and ${isLiveAgent("a")}`);

/** The agent that a certificate stands for. Null when the agent is unknown or decommissioned, or the certificate has expired. */
export async function authenticateCertificate(
  database: Connection,
  { fingerprint, agentId, expiresAt }: AgentCertificate,
  freshness: Freshness = "RECENT",
): Promise<Authenticated | null> {
  if (expiresAt.getTime() <= Date.now()) return null;
  return recentAnswer(database, `certificate ${fingerprint}`, freshness, async () => {
    const found = await authenticateAgentById(database, agentId);
    return (
      found && { ...found, standing: { ...found.standing, expiresAt: earlier(found.standing.expiresAt, expiresAt) } }
    );
  });
}

/** The agent with this id, for what was made with its certificate. */
export async function authenticateAgentById(database: Connection, id: string): Promise<Authenticated | null> {
  const [agent] = await database.run(agentById, [id]);
  return agent
    ? { actor: agentActor(agent), credentialId: null, standing: { ids: [agent.id], expiresAt: null } }
    : null;
}
