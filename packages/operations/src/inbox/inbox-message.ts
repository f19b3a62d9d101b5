import type { AgentAction } from "@muster/domain/agent-lifecycle.ts";
import type { OfferedTask } from "../tasks/task.ts";

/** What an agent's process has to know or do. `id` is the same whenever the same thing is said again. */
export type InboxMessage =
  | {
      readonly type: "TaskAssigned";
      readonly id: string;
      readonly task: OfferedTask;
      readonly attempt: number;
      readonly leaseUntil: Date;
    }
  | {
      readonly type: "TaskCancelRequested";
      readonly id: string;
      readonly task: OfferedTask;
      readonly attempt: number;
      readonly reason: string;
      /** How long the run may still take to end by itself. */
      readonly graceMs: number;
    }
  | {
      readonly type: "StateRequested";
      readonly id: string;
      readonly action: AgentAction;
      readonly reason: string;
      /** DRAIN: the action fires when the last task ends. NOW: it has. */
      readonly mode: "DRAIN" | "NOW";
    }
  | {
      readonly type: "ContextChanged";
      readonly id: string;
      readonly contextId: string;
      readonly version: number;
      readonly rolledBack: boolean;
    }
  /** The last one: a newer process speaks for the agent. */
  | { readonly type: "Superseded"; readonly id: string; readonly incarnation: number };
