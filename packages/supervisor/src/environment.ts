import { formatId } from "@muster/domain/ids.ts";
import type { SupervisedAgent } from "@muster/operations/supervision/supervised-agents.ts";

/** What an agent's process may have of the server's environment, which holds the database's address and more. */
const PASSED_ON = /^(PATH|HOME|LANG|TMPDIR|TZ|NODE_.+)$/;

/** The environment of an agent's process. */
export function agentEnvironment(
  agent: SupervisedAgent,
  { url, key, inherited = process.env }: { url: string; key: string; inherited?: NodeJS.ProcessEnv },
): NodeJS.ProcessEnv {
  return {
    ...Object.fromEntries(Object.entries(inherited).filter(([name]) => PASSED_ON.test(name))),
    MUSTER_URL: url,
    MUSTER_AGENT_ID: formatId("agent", agent.id),
    MUSTER_AGENT_KEY: key,
    MUSTER_AGENT_NAME: agent.name,
    MUSTER_AGENT_TYPE: agent.definitionSlug,
    MUSTER_AGENT_VERSION: String(agent.definitionVersion),
    MUSTER_PROJECT_ID: formatId("project", agent.projectId),
  };
}
