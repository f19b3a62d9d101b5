import type { AgentAction, BulkJobKind } from "#api/generated/graphql.ts";
import type { BulkSubject } from "#bulk/bulk-request.ts";

/** What a job does, in the words of a request. */
export function jobSubject({
  kind,
  action,
}: {
  readonly kind: BulkJobKind;
  readonly action: AgentAction | null;
}): BulkSubject {
  return kind === "TRANSITION" ? { what: "agents", action: action ?? "STOP" } : { what: "tasks", action: kind };
}
