import type { Activity } from "./activity.ts";
import { messageOf } from "./failure.ts";
import type { InboxHandlers } from "./inbox.ts";
import type { Log } from "./log.ts";
import type { Stopper } from "./stopper.ts";
import type { TaskRunner } from "./task-runner.ts";

const ENDS: readonly string[] = ["STOP", "RESTART", "DECOMMISSION"];
const PAUSES: readonly string[] = ["SUSPEND", "MAINTAIN", "FAIL"];
const RETURNS: readonly string[] = ["START", "ACTIVATE", "RESUME", "RECOVER"];

/** What the agent does about each message of its inbox. */
export function createInboxHandlers(
  runner: TaskRunner,
  activity: Activity,
  stopper: Stopper,
  onContextChanged: InboxHandlers["onContextChanged"],
  log: Log,
): InboxHandlers {
  /** Work means that the server counts on this agent, whatever was asked of it before. */
  const enter = () =>
    activity.enter().catch((error: unknown) => {
      stopper.request({ urgency: "now", cause: "stopped", why: `onActivate failed: ${messageOf(error)}`, error });
    });

  return {
    onTaskAssigned({ task: { dependencyCondition, ...task }, attempt, leaseUntil }) {
      const release = runner.hold();
      const hasDependencies = dependencyCondition !== null;
      runner.accept({ ...task, attempt, leaseUntil: new Date(leaseUntil), hasDependencies });
      void enter().finally(release);
    },
    onTaskCancelRequested({ task, attempt, reason }) {
      runner.abort({ taskId: task.id, attempt }, "cancelled", reason);
    },
    onStateRequested({ action, reason, mode }) {
      log.info("state requested", { action, reason, mode });
      // The server gives no new work, and says NOW when the last task has ended, unless it is taken back before.
      if (mode === "DRAIN") return;
      if (ENDS.includes(action)) {
        stopper.request({ urgency: "now", cause: "stopped", why: `${action} was requested: ${reason}` });
      } else if (PAUSES.includes(action)) {
        runner.abortAll("stopped");
        void activity.leave();
      } else if (RETURNS.includes(action)) {
        void enter();
      }
    },
    onContextChanged,
    onSuperseded({ incarnation }) {
      const why = `A newer process (incarnation ${incarnation}) took over this agent.`;
      stopper.request({ urgency: "discard", cause: "superseded", why });
    },
  };
}
