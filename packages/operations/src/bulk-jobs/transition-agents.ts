import type { Caller } from "@muster/domain/actor.ts";
import { authorize } from "../authorize.ts";
import type { Runtime } from "../runtime.ts";
import { BULK_JOB_PERMISSIONS, type BulkJob } from "./bulk-job.ts";
import { chosenAgents, parseAgentsRequest, type TransitionAgentsInput } from "./chosen-agents.ts";
import { freezeJob } from "./freeze-job.ts";

/**
 * Asks for a job that asks the agents that match now for an action, one after the other; they are fixed in the statement that
 * writes the job. Answers at once; a loop does the work. Throws `NotFound` without the project, `Conflict` when there are not
 * `expectedCount` of them, `LimitExceeded` above a million, `InvalidInput`; then nothing was written.
 */
export async function transitionAgents(
  runtime: Runtime,
  caller: Caller,
  input: TransitionAgentsInput,
): Promise<BulkJob> {
  caller = authorize(caller, BULK_JOB_PERMISSIONS.TRANSITION);
  const request = parseAgentsRequest(input);
  return freezeJob(runtime, caller, {
    ...request,
    kind: "TRANSITION",
    mode: request.mode ?? "DRAIN",
    chosen: chosenAgents(caller, request, runtime.settings),
    things: "agents",
  });
}
