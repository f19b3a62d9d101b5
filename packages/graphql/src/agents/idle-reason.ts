import { type IdleExplanation, type IdleReason, readIdleReasons } from "@muster/operations/agents/idle-reason.ts";
import { builder } from "../builder.ts";
import { nestedField } from "../nested-list.ts";
import { AgentType } from "./agent.ts";

const IdleReasonEnum = builder.enumType("IdleReason", {
  description: "Why an agent is given no more work.",
  values: {
    NOT_CONNECTED: { description: "Its process is not running, or gives no sign of life." },
    NOT_AVAILABLE: {
      description: "Its state does not let it work: it has failed, is suspended, in maintenance or decommissioned.",
    },
    NOT_STARTING: { description: "It did not start what it was given, several times." },
    DRAINING: { description: "An action waits for its tasks to end." },
    FULL: { description: "It holds as many tasks as it can." },
    TASKS_ARE_READY: { description: "There is something for it: it is given it once its process listens or claims." },
    WORKSPACE_LIMIT: { description: "Agents hold as many tasks as the workspace allows." },
    QUEUE_PAUSED: { description: "What it could do is in a queue that is paused." },
    QUEUE_LIMIT: { description: "What it could do is in a queue of which agents hold as many as are allowed." },
    CONCURRENCY_KEY: { description: "What it could do waits for tasks with the same concurrency key." },
    RATE_LIMIT: { description: "What it could do waits for its rate limit." },
    DELAYED: { description: "What it could do is to run later." },
    READY_TASKS_NEED_OTHER_CAPABILITIES: {
      description: "What is ready needs other capabilities or labels, or is for other agents.",
    },
    NO_READY_TASKS: { description: "There is nothing to do." },
  } satisfies Record<IdleReason, { description: string }>,
});

const AgentIdleReason = builder.objectRef<IdleExplanation>("AgentIdleReason").implement({
  permission: "agent.read",
  description: "Why an agent is given no more work.",
  fields: (t) => ({
    reason: t.field({ type: IdleReasonEnum, description: "Which.", resolve: (found) => found.reason }),
    message: t.exposeString("message", { description: "For people: what is so, and what to do." }),
  }),
});

const idleReasonOf = nestedField(({ runtime, caller }, agentIds) => readIdleReasons(runtime, caller, agentIds));

builder.objectField(AgentType, "idleReason", (t) =>
  t.field({
    type: AgentIdleReason,
    nullable: true,
    description: "Why it is given no more work now; null while it works and has room for more.",
    resolve: (agent, _arguments, context) => idleReasonOf(agent.id, {}, context),
  }),
);
