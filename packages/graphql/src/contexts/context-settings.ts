import { updateContext } from "@muster/operations/contexts/update-context.ts";
import { builder } from "../builder.ts";
import { uuidOf } from "../ids.ts";
import { mutation, successOf } from "../mutation.ts";
import { ContextType } from "./context.ts";

builder.objectFields(ContextType, (t) => ({
  schema: t.field({
    type: "JSON",
    nullable: true,
    description: "The JSON Schema that new data has to match; null: any data.",
    resolve: (context) => context.schema,
  }),
  keepVersions: t.exposeInt("keepVersions", {
    nullable: true,
    description: "How many of its newest versions keep their data; null: as many as the workspace says.",
  }),
}));

const UpdateContextInput = builder.inputType("UpdateContextInput", {
  description: "What to change of a context.",
  fields: (t) => ({
    contextId: t.id({ required: true, description: "The context." }),
    schema: t.field({
      type: "JSON",
      description:
        "A JSON Schema (draft-07 or 2020-12; at most 64 KiB) that data has to match from now on: the newest data must already. " +
        "null for any data. Older versions stay as they are, and a rollback may go back to them.",
    }),
    keepVersions: t.int({
      description:
        "How many of its newest versions keep their data: 1 to 1,000,000; null for as many as the workspace says. Data that is removed does not come back.",
    }),
  }),
});

mutation("updateContext", {
  permission: "context.update",
  description: "Changes what is given of a context and leaves the rest.",
  input: UpdateContextInput,
  success: successOf("updateContext", ContextType),
  resolve: async ({ contextId, schema, keepVersions }, { runtime, caller }) => ({
    data: await updateContext(runtime, caller, {
      contextId: uuidOf("context", contextId),
      schema: schema as never,
      keepVersions,
    }),
  }),
});
