
      export interface PossibleTypesResultData {
        possibleTypes: {
          [key: string]: string[]
        }
      }
      const result: PossibleTypesResultData = {
  "possibleTypes": {
    "AbortBulkJobResult": [
      "AbortBulkJobSuccess",
      "Forbidden",
      "IllegalTransition",
      "InvalidInput",
      "NotFound"
    ],
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
    "CancelTasksResult": [
      "CancelTasksSuccess",
      "Conflict",
      "Forbidden",
      "InvalidInput",
      "LimitExceeded",
      "NotFound"
    ],
    "CancelWorkflowResult": [
      "CancelWorkflowSuccess",
      "Forbidden",
      "IllegalTransition",
      "InvalidInput",
      "NotFound"
    ],
    "ChangePasswordResult": [
      "ChangePasswordSuccess",
      "Conflict",
      "Forbidden",
      "InvalidInput",
      "LimitExceeded",
      "NotFound"
    ],
    "ChangeRoleResult": [
      "ChangeRoleSuccess",
      "Conflict",
      "Forbidden",
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
    "ConfirmTotpResult": [
      "ConfirmTotpSuccess",
      "Conflict",
      "Forbidden",
      "InvalidInput",
      "LimitExceeded",
      "NotFound"
    ],
    "ConnectAgentResult": [
      "ConnectAgentSuccess",
      "Forbidden",
      "IllegalTransition",
      "InvalidInput",
      "LimitExceeded",
      "NotFound"
    ],
    "CreateApiKeyResult": [
      "CreateApiKeySuccess",
      "Forbidden",
      "InvalidInput",
      "NotFound"
    ],
    "CreatePasswordResetLinkResult": [
      "CreatePasswordResetLinkSuccess",
      "Forbidden",
      "InvalidInput",
      "NotFound"
    ],
    "CreateProjectResult": [
      "CreateProjectSuccess",
      "Forbidden",
      "InvalidInput",
      "NotFound"
    ],
    "CreateSavedViewResult": [
      "Conflict",
      "CreateSavedViewSuccess",
      "Forbidden",
      "InvalidInput",
      "LimitExceeded",
      "NotFound"
    ],
    "CreateScheduleResult": [
      "CreateScheduleSuccess",
      "Forbidden",
      "InvalidInput",
      "LimitExceeded",
      "NotFound"
    ],
    "CreateTaskResult": [
      "CreateTaskSuccess",
      "Forbidden",
      "InvalidInput",
      "LimitExceeded",
      "NotFound"
    ],
    "CreateTasksResult": [
      "CreateTasksSuccess",
      "Forbidden",
      "InvalidInput",
      "LimitExceeded",
      "NotFound"
    ],
    "CreateWebhookResult": [
      "CreateWebhookSuccess",
      "Forbidden",
      "InvalidInput",
      "LimitExceeded",
      "NotFound"
    ],
    "CreateWorkflowResult": [
      "CreateWorkflowSuccess",
      "Forbidden",
      "InvalidInput",
      "LimitExceeded",
      "NotFound"
    ],
    "CreateWorkspaceResult": [
      "CreateWorkspaceSuccess",
      "Forbidden",
      "InvalidInput",
      "NotFound"
    ],
    "DeleteRateLimitResult": [
      "Conflict",
      "DeleteRateLimitSuccess",
      "Forbidden",
      "InvalidInput",
      "NotFound"
    ],
    "DeleteSavedViewResult": [
      "DeleteSavedViewSuccess",
      "Forbidden",
      "InvalidInput",
      "NotFound"
    ],
    "DeleteScheduleResult": [
      "DeleteScheduleSuccess",
      "Forbidden",
      "InvalidInput",
      "NotFound"
    ],
    "DeleteWebhookResult": [
      "DeleteWebhookSuccess",
      "Forbidden",
      "InvalidInput",
      "NotFound"
    ],
    "DisableTotpResult": [
      "Conflict",
      "DisableTotpSuccess",
      "Forbidden",
      "InvalidInput",
      "LimitExceeded",
      "NotFound"
    ],
    "DisableUserResult": [
      "DisableUserSuccess",
      "Forbidden",
      "InvalidInput",
      "NotFound"
    ],
    "EnableUserResult": [
      "EnableUserSuccess",
      "Forbidden",
      "InvalidInput",
      "NotFound"
    ],
    "EndOtherSessionsResult": [
      "EndOtherSessionsSuccess",
      "Forbidden",
      "InvalidInput",
      "NotFound"
    ],
    "EndSessionResult": [
      "EndSessionSuccess",
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
      "VersionHeld",
      "VersionPruned"
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
    "ForceRollbackResult": [
      "Conflict",
      "Forbidden",
      "ForceRollbackSuccess",
      "IllegalTransition",
      "InvalidInput",
      "NotFound"
    ],
    "ForkContextResult": [
      "Forbidden",
      "ForkContextSuccess",
      "InvalidInput",
      "LimitExceeded",
      "NotFound",
      "VersionPruned"
    ],
    "GrantRoleResult": [
      "Conflict",
      "Forbidden",
      "GrantRoleSuccess",
      "InvalidInput",
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
    "InviteUserResult": [
      "Conflict",
      "Forbidden",
      "InvalidInput",
      "InviteUserSuccess",
      "NotFound"
    ],
    "IssueTokenResult": [
      "Forbidden",
      "InvalidInput",
      "IssueTokenSuccess",
      "NotFound"
    ],
    "Node": [
      "Agent",
      "AgentDefinition",
      "AgentTransitioned",
      "ApiKey",
      "BulkJob",
      "Context",
      "ContextVersion",
      "ContextVersionWritten",
      "Membership",
      "OtherEvent",
      "Project",
      "Queue",
      "RateLimit",
      "RollbackSettled",
      "SavedView",
      "Schedule",
      "Session",
      "Task",
      "TaskTransitioned",
      "User",
      "Webhook",
      "WebhookDelivery",
      "Workflow",
      "Workspace"
    ],
    "OpenContextResult": [
      "Forbidden",
      "InvalidInput",
      "LimitExceeded",
      "NotFound",
      "OpenContextSuccess"
    ],
    "PauseQueueResult": [
      "Conflict",
      "Forbidden",
      "InvalidInput",
      "NotFound",
      "PauseQueueSuccess"
    ],
    "PauseScheduleResult": [
      "Forbidden",
      "IllegalTransition",
      "InvalidInput",
      "NotFound",
      "PauseScheduleSuccess"
    ],
    "PauseWebhookResult": [
      "Forbidden",
      "IllegalTransition",
      "InvalidInput",
      "NotFound",
      "PauseWebhookSuccess"
    ],
    "PersistOperationsResult": [
      "Forbidden",
      "InvalidInput",
      "NotFound",
      "PersistOperationsSuccess"
    ],
    "PinContextVersionResult": [
      "Forbidden",
      "InvalidInput",
      "LimitExceeded",
      "NotFound",
      "PinContextVersionSuccess",
      "VersionPruned"
    ],
    "RegenerateRecoveryCodesResult": [
      "Conflict",
      "Forbidden",
      "InvalidInput",
      "LimitExceeded",
      "NotFound",
      "RegenerateRecoveryCodesSuccess"
    ],
    "RegisterAgentResult": [
      "Forbidden",
      "InvalidInput",
      "LimitExceeded",
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
    "ReplayWebhookResult": [
      "Forbidden",
      "InvalidInput",
      "NotFound",
      "ReplayWebhookSuccess"
    ],
    "ReportProgressResult": [
      "Forbidden",
      "InvalidInput",
      "LeaseLost",
      "LimitExceeded",
      "NotFound",
      "ReportProgressSuccess"
    ],
    "ResetTotpResult": [
      "Forbidden",
      "InvalidInput",
      "NotFound",
      "ResetTotpSuccess"
    ],
    "ResumeQueueResult": [
      "Conflict",
      "Forbidden",
      "InvalidInput",
      "NotFound",
      "ResumeQueueSuccess"
    ],
    "ResumeScheduleResult": [
      "Forbidden",
      "IllegalTransition",
      "InvalidInput",
      "NotFound",
      "ResumeScheduleSuccess"
    ],
    "ResumeWebhookResult": [
      "Forbidden",
      "IllegalTransition",
      "InvalidInput",
      "NotFound",
      "ResumeWebhookSuccess"
    ],
    "RetryRollbackResult": [
      "Conflict",
      "Forbidden",
      "IllegalTransition",
      "InvalidInput",
      "LimitExceeded",
      "NotFound",
      "RetryRollbackSuccess"
    ],
    "RetryTaskResult": [
      "Forbidden",
      "IllegalTransition",
      "InvalidInput",
      "LimitExceeded",
      "NotFound",
      "RetryTaskSuccess"
    ],
    "RetryTasksResult": [
      "Conflict",
      "Forbidden",
      "InvalidInput",
      "LimitExceeded",
      "NotFound",
      "RetryTasksSuccess"
    ],
    "RetryWebhookDeliveryResult": [
      "Conflict",
      "Forbidden",
      "InvalidInput",
      "NotFound",
      "RetryWebhookDeliverySuccess"
    ],
    "RevokeApiKeyResult": [
      "Conflict",
      "Forbidden",
      "InvalidInput",
      "NotFound",
      "RevokeApiKeySuccess"
    ],
    "RevokeRoleResult": [
      "Forbidden",
      "InvalidInput",
      "NotFound",
      "RevokeRoleSuccess"
    ],
    "RollBackAgentResult": [
      "Conflict",
      "Forbidden",
      "IllegalTransition",
      "InvalidInput",
      "NotFound",
      "RollBackAgentSuccess",
      "VersionPruned"
    ],
    "RollBackContextResult": [
      "Conflict",
      "Forbidden",
      "InvalidInput",
      "NotFound",
      "RollBackContextSuccess",
      "VersionPruned"
    ],
    "RotateAgentKeyResult": [
      "Forbidden",
      "InvalidInput",
      "NotFound",
      "RotateAgentKeySuccess"
    ],
    "RotateApiKeyResult": [
      "Conflict",
      "Forbidden",
      "InvalidInput",
      "NotFound",
      "RotateApiKeySuccess"
    ],
    "RotateWebhookSecretResult": [
      "Forbidden",
      "InvalidInput",
      "NotFound",
      "RotateWebhookSecretSuccess"
    ],
    "RunTaskResult": [
      "Forbidden",
      "InvalidInput",
      "LimitExceeded",
      "NotFound",
      "RunTaskSuccess"
    ],
    "SetRateLimitResult": [
      "Conflict",
      "Forbidden",
      "InvalidInput",
      "NotFound",
      "SetRateLimitSuccess"
    ],
    "SkipWebhookDeliveryResult": [
      "Conflict",
      "Forbidden",
      "InvalidInput",
      "NotFound",
      "SkipWebhookDeliverySuccess"
    ],
    "StartTaskResult": [
      "Forbidden",
      "InvalidInput",
      "LeaseLost",
      "NotFound",
      "StartTaskSuccess"
    ],
    "StartTotpResult": [
      "Forbidden",
      "InvalidInput",
      "LimitExceeded",
      "NotFound",
      "StartTotpSuccess"
    ],
    "TestWebhookResult": [
      "Forbidden",
      "InvalidInput",
      "NotFound",
      "TestWebhookSuccess"
    ],
    "TransitionAgentResult": [
      "Conflict",
      "Forbidden",
      "IllegalTransition",
      "InvalidInput",
      "LimitExceeded",
      "NotFound",
      "TransitionAgentSuccess"
    ],
    "TransitionAgentsResult": [
      "Conflict",
      "Forbidden",
      "InvalidInput",
      "LimitExceeded",
      "NotFound",
      "TransitionAgentsSuccess"
    ],
    "TriggerScheduleResult": [
      "Forbidden",
      "InvalidInput",
      "LimitExceeded",
      "NotFound",
      "TriggerScheduleSuccess"
    ],
    "UnpinContextVersionResult": [
      "Forbidden",
      "InvalidInput",
      "NotFound",
      "UnpinContextVersionSuccess"
    ],
    "UpdateAgentResult": [
      "Conflict",
      "Forbidden",
      "InvalidInput",
      "NotFound",
      "UpdateAgentSuccess"
    ],
    "UpdateContextResult": [
      "Forbidden",
      "InvalidInput",
      "NotFound",
      "UpdateContextSuccess"
    ],
    "UpdateProfileResult": [
      "Forbidden",
      "InvalidInput",
      "NotFound",
      "UpdateProfileSuccess"
    ],
    "UpdateProjectResult": [
      "Conflict",
      "Forbidden",
      "InvalidInput",
      "NotFound",
      "UpdateProjectSuccess"
    ],
    "UpdateQueueResult": [
      "Conflict",
      "Forbidden",
      "InvalidInput",
      "NotFound",
      "UpdateQueueSuccess"
    ],
    "UpdateSavedViewResult": [
      "Conflict",
      "Forbidden",
      "InvalidInput",
      "NotFound",
      "UpdateSavedViewSuccess"
    ],
    "UpdateScheduleResult": [
      "Conflict",
      "Forbidden",
      "InvalidInput",
      "NotFound",
      "UpdateScheduleSuccess"
    ],
    "UpdateWebhookResult": [
      "Conflict",
      "Forbidden",
      "InvalidInput",
      "NotFound",
      "UpdateWebhookSuccess"
    ],
    "UpdateWorkspaceResult": [
      "Conflict",
      "Forbidden",
      "InvalidInput",
      "NotFound",
      "UpdateWorkspaceSuccess"
    ],
    "WriteContextResult": [
      "Conflict",
      "Forbidden",
      "InvalidInput",
      "LimitExceeded",
      "NotFound",
      "RollbackPending",
      "VersionHeld",
      "VersionPruned",
      "WriteContextSuccess"
    ]
  }
};
      export default result;
    