import { Conflict } from "@muster/domain/errors.ts";
import { deleteRateLimit } from "@muster/operations/rate-limits/delete-rate-limit.ts";
import { setRateLimit } from "@muster/operations/rate-limits/set-rate-limit.ts";
import { builder } from "../builder.ts";
import { uuidOf } from "../ids.ts";
import { mutation, successOf } from "../mutation.ts";
import { RateLimitType } from "./rate-limit.ts";

mutation("setRateLimit", {
  permission: "queue.manage",
  description:
    "Makes or changes a rate limit. A new one begins with max tokens; one that is changed keeps its own. Tasks that wait for a token wait less when they come faster.",
  input: builder.inputType("SetRateLimitInput", {
    description: "A rate limit.",
    fields: (t) => ({
      projectId: t.id({ required: true, description: "The project." }),
      key: t.string({ required: true, description: "What tasks name as their rateLimitKey: up to 255 characters." }),
      max: t.int({
        required: true,
        description: "How many tasks at once, and how many in each period: 1 to 1,000,000.",
      }),
      periodMs: t.int({ required: true, description: "The period in milliseconds, at most a day." }),
      expectedVersion: t.int({ description: "Refused unless this is its version; 0: unless there is none yet." }),
    }),
  }),
  success: successOf("setRateLimit", RateLimitType),
  errors: [Conflict],
  resolve: async ({ projectId, ...input }, { runtime, caller }) => ({
    data: await setRateLimit(runtime, caller, { ...input, projectId: uuidOf("project", projectId) }),
  }),
});

mutation("deleteRateLimit", {
  permission: "queue.manage",
  description:
    "Removes a rate limit, and answers with it as it was. Tasks that wait for its tokens go back into line: what names its key is no longer limited.",
  input: builder.inputType("DeleteRateLimitInput", {
    description: "A rate limit to remove.",
    fields: (t) => ({
      projectId: t.id({ required: true, description: "The project." }),
      key: t.string({ required: true, description: "Its key." }),
      expectedVersion: t.int({ description: "Refused unless this is its version." }),
    }),
  }),
  success: successOf("deleteRateLimit", RateLimitType),
  errors: [Conflict],
  resolve: async ({ projectId, ...input }, { runtime, caller }) => ({
    data: await deleteRateLimit(runtime, caller, { ...input, projectId: uuidOf("project", projectId) }),
  }),
});
