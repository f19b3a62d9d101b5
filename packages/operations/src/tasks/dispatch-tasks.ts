import { statement } from "@muster/database/statement.ts";
import { systemCaller } from "../authorize.ts";
import type { Runtime } from "../runtime.ts";
import { claimReady } from "./claim-tasks.ts";
import { availableAgent, FOR_AGENT, forCapability, PRESENT } from "./claim-statement.ts";

/** An agent whose process listens to its inbox here. */
export interface OpenInbox {
  readonly agentId: string;
  readonly projectId: string;
  readonly incarnation: number;
}

export interface DispatcherOptions {
  readonly onError: (error: Error) => void;
  /** An agent has been given tasks. */
  readonly onAssigned: (agentId: string, projectId: string) => void;
}

/** Due times come by themselves, and hints can be lost: look at least this often. */
const POLL_MS = 1_000;
/** How many agents one round serves, and how many claims run at once. */
const ROUND = 64;
const PARALLEL = 4;

// Looks once for each capability, and not for each agent: of a thousand agents most can do the same.
const agentsWithWork = statement<OpenInbox & { load: number }>(`
  with ${PRESENT},
  here as materialized (
    select a.* from unnest($1::uuid[], $2::int[]) as i(agent_id, incarnation)
    join agents a on a.id = i.agent_id and a.incarnation = i.incarnation
    where ${availableAgent("a", "$3::int")}
  ),
  wanted as materialized (
    select c.project_id, c.capability
    from (select distinct a.project_id, c.capability from here a cross join unnest(a.capabilities) as c(capability)) c
    where exists (select from tasks t where ${forCapability("c")})
  )
  select a.id as "agentId", a.project_id as "projectId", a.incarnation, a.active_tasks::float8 / a.max_concurrency as load from here a
  where exists (select from wanted w where w.project_id = a.project_id and w.capability = any(a.capabilities))
     or exists (select from tasks t where ${FOR_AGENT})
  order by load, random() limit ${ROUND}`);

/**
 * Gives work to the agents that listen here, the least loaded first. One run at a time: what becomes ready meanwhile is seen
 * to by the same run. Any number of replicas may do so for the same project.
 */
export class Dispatcher {
  readonly #runtime: Runtime;
  readonly #options: DispatcherOptions;
  readonly #inboxes = new Set<OpenInbox>();
  readonly #caller = systemCaller("dispatcher");
  readonly #timer: NodeJS.Timeout;
  #wanted: Set<string> | "all" | null = null;
  #running: Promise<void> | null = null;
  #closed = false;

  constructor(runtime: Runtime, options: DispatcherOptions) {
    this.#runtime = runtime;
    this.#options = options;
    this.#timer = setInterval(() => this.wake(null), POLL_MS);
    this.#timer.unref();
  }

  /** From now on this agent is given work, until the returned function is called. */
  add(inbox: OpenInbox): () => void {
    this.#inboxes.add(inbox);
    this.wake(inbox.projectId);
    return () => this.#inboxes.delete(inbox);
  }

  /** There may be work in this project, or, with null, in any. */
  wake(projectId: string | null): void {
    if (this.#closed || this.#inboxes.size === 0) return;
    if (projectId === null) this.#wanted = "all";
    else if (this.#wanted === null) this.#wanted = new Set([projectId]);
    else if (this.#wanted !== "all") this.#wanted.add(projectId);
    this.#start();
  }

  /** Assigns nothing any more. Resolves when no claim runs. */
  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#timer);
    await this.#running;
  }

  #start(): void {
    this.#running ??= this.#run().finally(() => {
      this.#running = null;
      if (this.#wanted !== null && !this.#closed) this.#start();
    });
  }

  async #run(): Promise<void> {
    try {
      // The share of an agent doubles with each round: few tasks are spread, many are moved with few statements.
      let share = 1;
      while (this.#wanted !== null && !this.#closed) {
        const wanted = this.#wanted;
        this.#wanted = null;
        const assigned = await this.#round(wanted, share);
        if (assigned > 0) this.#wanted = merge(wanted, this.#wanted);
        share = assigned > 0 ? Math.min(share * 2, 1_000) : 1;
      }
    } catch (error) {
      this.#wanted = null;
      this.#options.onError(error as Error);
    }
  }

  /** One claim for each agent that there is work for. Returns how many tasks were assigned. */
  async #round(wanted: Set<string> | "all", share: number): Promise<number> {
    const inboxes = [...this.#inboxes].filter((inbox) => wanted === "all" || wanted.has(inbox.projectId));
    const agents = await this.#runtime.database.run(agentsWithWork, [
      inboxes.map((inbox) => inbox.agentId),
      inboxes.map((inbox) => inbox.incarnation),
      this.#runtime.settings.missedOffersLimit,
    ]);
    let assigned = 0;
    let inVain = 0;
    // When some got it all, asks again who there is work for, rather than all others in vain.
    const isOver = () => this.#closed || (assigned > 0 && inVain > 0);
    const serve = async (queue: typeof agents) => {
      for (let agent = queue.shift(); agent && !isOver(); agent = queue.shift()) {
        const tasks = await claimReady(this.#runtime, this.#caller, { ...agent, max: share });
        assigned += tasks.length;
        if (tasks.length > 0) this.#options.onAssigned(agent.agentId, agent.projectId);
        else inVain += 1;
      }
    };
    // Claims run at once for equally loaded agents only: else a loaded one could be quicker than an idle one.
    for (const equals of Map.groupBy(agents, (agent) => agent.load).values()) {
      await Promise.all(Array.from({ length: PARALLEL }, () => serve(equals)));
    }
    return assigned;
  }
}

function merge(a: Set<string> | "all", b: Set<string> | "all" | null): Set<string> | "all" {
  return a === "all" || b === "all" ? "all" : new Set([...a, ...(b ?? [])]);
}
