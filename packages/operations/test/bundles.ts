import type { Caller } from "@muster/domain/actor.ts";
import type { Json } from "@muster/domain/json.ts";
import { sql } from "drizzle-orm";
import type { Agent } from "../src/agents/agent.ts";
import { getAgents } from "../src/agents/agent-queries.ts";
import { registerAgent } from "../src/agents/register-agent.ts";
import { updateAgent, type UpdateAgentInput } from "../src/agents/update-agent.ts";
import {
  type AgentBundle,
  getBundleNumbers,
  getBundleStates,
  listBundles,
} from "../src/agent-bundles/bundle-queries.ts";
import { rollBackAgent, type RollBackAgentInput } from "../src/agent-bundles/roll-back-agent.ts";
import { openContext } from "../src/contexts/open-context.ts";
import { getVersionData } from "../src/contexts/versions/version-queries.ts";
import { writeContext } from "../src/contexts/versions/write-context.ts";
import { registerDefinition } from "../src/definitions/register-definition.ts";
import { type Fixture, only } from "./fixtures.ts";

/** What a bundle holds, in words that tests can write down. */
export interface Whole {
  readonly definitionVersion: number;
  readonly config: Json;
  readonly maxConcurrency: number;
  /** The own contexts' data, by their names. */
  readonly contexts: Readonly<Record<string, Json>>;
}

/** What tests of bundles do again and again, on one fixture. */
export function bundlesOn(fixture: Fixture) {
  const { runtime, admin, projectId, database } = fixture;
  let named = 0;

  const dataOf = async (keys: readonly { contextId: string; number: number; name: string }[]) => {
    const found = await getVersionData(runtime, admin, keys);
    const byName = keys.map(({ name, ...key }) => {
      const version = found.find((each) => each.contextId === key.contextId && each.number === key.number);
      return [name, version?.data ?? null] as const;
    });
    return Object.fromEntries(byName);
  };

  return {
    /** Adds a version of the definition `worker`. */
    defineWorker: (capabilities: readonly string[], configSchema: Readonly<Record<string, Json>> = {}) =>
      registerDefinition(runtime, admin, {
        slug: "worker",
        name: "Worker",
        type: "process",
        capabilities: [...capabilities],
        configSchema,
      }),

    async agent(config: Record<string, Json> = {}, definitionSlug = "builder"): Promise<Agent> {
      const name = `bundled-${++named}`;
      const { agent } = await registerAgent(runtime, admin, { projectId, definitionSlug, name, config });
      return agent;
    },

    update: (agentId: string, change: Omit<UpdateAgentInput, "agentId">) =>
      updateAgent(runtime, admin, { agentId, ...change }),

    async context(agentId: string | null, name: string): Promise<string> {
      return (await openContext(runtime, admin, { projectId, agentId, name })).id;
    },

    write: (contextId: string, data: Json) => writeContext(runtime, admin, { contextId, data }),

    rollBack: (agentId: string, toBundle: number, more: Partial<RollBackAgentInput> = {}, caller: Caller = admin) =>
      rollBackAgent(runtime, caller, { agentId, toBundle, reason: "it went wrong", tasks: "KEEP", ...more }),

    async head(agentId: string): Promise<number> {
      return (await getBundleNumbers(runtime, admin, [agentId])).get(agentId) ?? 0;
    },

    /** All of its bundles, the oldest first. */
    async list(agentId: string): Promise<AgentBundle[]> {
      const page = await only(listBundles(runtime, admin, [agentId], { first: 200 }));
      return page.edges.map(({ node }) => node).toReversed();
    },

    /** What the bundles say that it was. */
    async at(agentId: string, number: number): Promise<Whole> {
      const { definitionVersion, config, maxConcurrency, contexts } = await only(
        getBundleStates(runtime, admin, [agentId], number),
      );
      const keys = contexts.map(({ contextId, name, version }) => ({ contextId, name, number: version }));
      return { definitionVersion, config, maxConcurrency, contexts: await dataOf(keys) };
    },

    /** What it is, by its row and its contexts'. */
    async now(agentId: string): Promise<Whole> {
      const [agent] = await getAgents(runtime, admin, [agentId]);
      if (!agent) throw new Error("There is no such agent.");
      const { definitionVersion, config, maxConcurrency } = agent;
      const keys = await database.query<{ contextId: string; name: string; number: number }>(
        sql`select id as "contextId", name, current_version as number from contexts where agent_id = ${agentId} and current_version > 0`,
      );
      return { definitionVersion, config: config as Json, maxConcurrency, contexts: await dataOf(keys) };
    },
  };
}
