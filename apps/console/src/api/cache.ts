import { cacheExchange } from "@urql/exchange-graphcache";
import possibleTypes from "#api/generated/possible-types.ts";

/** These have no identity of their own: they live inside of what they belong to. */
const EMBEDDED = [
  "Actor",
  "AgentBundle",
  "AgentBundleContextDifference",
  "AgentBundleDifference",
  "AgentBundleState",
  "AgentDefinitionVersion",
  "AgentDefinitionVersionCount",
  "AgentHealth",
  "AgentIdleReason",
  "AgentRollbackPreview",
  "AgentRollbackWarning",
  "AgentStateCount",
  "AuditCredential",
  "AuditEntry",
  "Backoff",
  "BadContextVersion",
  "Bookmark",
  "BulkJobPreview",
  "BulkJobTarget",
  "ContextComparison",
  "ContextPin",
  "ContextReader",
  "ContextReading",
  "ContextVerification",
  "CronPreview",
  "DiffCounts",
  "DiffNode",
  "DurationQuantiles",
  "EventDelivery",
  "FleetChange",
  "FleetSnapshot",
  "FleetSnapshotAgent",
  "InputIssue",
  "JsonPatchOperation",
  "NumberChange",
  "PageInfo",
  "ParkedTaskCount",
  "PathChange",
  "PathChanges",
  "PermissionOfRole",
  "QueueDepth",
  "ResyncRequired",
  "RetryRule",
  "RolePermissions",
  "RollbackConfirmation",
  "RollbackPreview",
  "RollbackWarning",
  "StateSpan",
  "StateSpans",
  "TaskBlocker",
  "TaskChunk",
  "TaskCount",
  "TaskError",
  "TaskErrorCount",
  "TaskErrorCounts",
  "TaskStateCount",
  "TaskStatistics",
  "TaskStatisticsBucket",
  "TransitionPreview",
  "TransitionPreviewState",
  "UserIdentity",
  "Viewer",
  "WebhookFilter",
  "WorkflowDependency",
  "WorkflowGraph",
  "WorkflowNode",
  "WorkspaceUsage",
  "WorkspaceUsageCount",
];
const embedded = () => null;

/**
 * The normalised cache: an agent, task or context that any answer or event brings is the same one on every part of the
 * screen. `node(id)` finds what the cache already has.
 */
export function createCache() {
  return cacheExchange({
    possibleTypes: possibleTypes.possibleTypes,
    keys: Object.fromEntries(EMBEDDED.map((name) => [name, embedded])),
    globalIDs: true,
    updates: {
      Mutation: {
        // A list that still names it is read again, instead of showing it once more.
        deleteWebhook: (_result, { input }, cache) => {
          cache.invalidate({ __typename: "Webhook", id: (input as { readonly webhookId: string }).webhookId });
        },
      },
    },
    logger: (level, message) => {
      if (level === "error") console.error(message);
    },
  });
}
