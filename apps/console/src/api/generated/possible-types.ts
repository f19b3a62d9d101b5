
      export interface PossibleTypesResultData {
        possibleTypes: {
          [key: string]: string[]
        }
      }
      const result: PossibleTypesResultData = {
  "possibleTypes": {
    "AcknowledgeContextResult": [
      "AcknowledgeContextSuccess",
      "Forbidden",
      "InvalidInput",
      "NotFound"
    ],
    "CancelPendingActionResult": [
      "CancelPendingActionSuccess",
      "Conflict",
      "Forbidden",
      "InvalidInput",
      "NotFound"
    ],
    "CancelTaskResult": [
      "CancelTaskSuccess",
      "Conflict",
      "Forbidden",
      "IllegalTransition",
      "InvalidInput",
      "NotFound"
    ],
    "ClaimTasksResult": [
      "ClaimTasksSuccess",
      "Conflict",
      "Forbidden",
      "InvalidInput",
      "NotFound"
    ],
    "CompleteTaskResult": [
      "CompleteTaskSuccess",
      "Forbidden",
      "InvalidInput",
      "LeaseLost",
      "NotFound"
    ],
    "ConnectAgentResult": [
      "ConnectAgentSuccess",
      "Forbidden",
      "IllegalTransition",
      "InvalidInput",
      "NotFound"
    ],
    "CreateProjectResult": [
      "CreateProjectSuccess",
      "Forbidden",
      "InvalidInput",
      "NotFound"
    ],
    "CreateTaskResult": [
      "CreateTaskSuccess",
      "Forbidden",
      "InvalidInput",
      "NotFound"
    ],
    "CreateTasksResult": [
      "CreateTasksSuccess",
      "Forbidden",
      "InvalidInput",
      "NotFound"
    ],
    "CreateWorkspaceResult": [
      "CreateWorkspaceSuccess",
      "Forbidden",
      "InvalidInput",
      "NotFound"
    ],
    "Error": [
      "Conflict",
      "Forbidden",
      "IllegalTransition",
      "InvalidInput",
      "LeaseLost",
      "LimitExceeded",
      "NotFound",
      "RollbackPending",
      "VersionHeld"
    ],
    "Event": [
      "AgentTransitioned",
      "ContextVersionWritten",
      "OtherEvent",
      "RollbackSettled",
      "TaskTransitioned"
    ],
    "EventFrame": [
      "Bookmark",
      "EventDelivery",
      "ResyncRequired"
    ],
    "FailAgentResult": [
      "Conflict",
      "FailAgentSuccess",
      "Forbidden",
      "IllegalTransition",
      "InvalidInput",
      "NotFound"
    ],
    "FailTaskResult": [
      "FailTaskSuccess",
      "Forbidden",
      "InvalidInput",
      "LeaseLost",
      "NotFound"
    ],
    "HeartbeatResult": [
      "Conflict",
      "Forbidden",
      "HeartbeatSuccess",
      "InvalidInput",
      "NotFound"
    ],
    "InboxMessage": [
      "ContextChanged",
      "StateRequested",
      "Superseded",
      "TaskAssigned",
      "TaskCancelRequested"
    ],
    "Node": [
      "Agent",
      "AgentDefinition",
      "AgentTransitioned",
      "Context",
      "ContextVersion",
      "ContextVersionWritten",
      "OtherEvent",
      "Project",
      "RollbackSettled",
      "Task",
      "TaskTransitioned",
      "Workspace"
    ],
    "OpenContextResult": [
      "Forbidden",
      "InvalidInput",
      "NotFound",
      "OpenContextSuccess"
    ],
    "RegisterAgentResult": [
      "Forbidden",
      "InvalidInput",
      "NotFound",
      "RegisterAgentSuccess"
    ],
    "RegisterDefinitionResult": [
      "Forbidden",
      "InvalidInput",
      "NotFound",
      "RegisterDefinitionSuccess"
    ],
    "ReleaseContextVersionResult": [
      "Forbidden",
      "InvalidInput",
      "NotFound",
      "ReleaseContextVersionSuccess"
    ],
    "ReportProgressResult": [
      "Forbidden",
      "InvalidInput",
      "LeaseLost",
      "NotFound",
      "ReportProgressSuccess"
    ],
    "RetryTaskResult": [
      "Forbidden",
      "IllegalTransition",
      "InvalidInput",
      "NotFound",
      "RetryTaskSuccess"
    ],
    "RollBackContextResult": [
      "Conflict",
      "Forbidden",
      "InvalidInput",
      "NotFound",
      "RollBackContextSuccess"
    ],
    "RotateAgentKeyResult": [
      "Forbidden",
      "InvalidInput",
      "NotFound",
      "RotateAgentKeySuccess"
    ],
    "StartTaskResult": [
      "Forbidden",
      "InvalidInput",
      "LeaseLost",
      "NotFound",
      "StartTaskSuccess"
    ],
    "TransitionAgentResult": [
      "Conflict",
      "Forbidden",
      "IllegalTransition",
      "InvalidInput",
      "NotFound",
      "TransitionAgentSuccess"
    ],
    "UpdateAgentResult": [
      "Conflict",
      "Forbidden",
      "InvalidInput",
      "NotFound",
      "UpdateAgentSuccess"
    ],
    "WriteContextResult": [
      "Conflict",
      "Forbidden",
      "InvalidInput",
      "NotFound",
      "RollbackPending",
      "VersionHeld",
      "WriteContextSuccess"
    ]
  }
};
      export default result;
    