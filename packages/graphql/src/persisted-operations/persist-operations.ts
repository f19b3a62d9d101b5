import { InvalidInput } from "@muster/domain/errors.ts";
import { persistOperations } from "@muster/operations/persisted-operations/persist-operations.ts";
import { parse } from "graphql";
import { builder } from "../builder.ts";
import { mutation } from "../mutation.ts";

const Persisted = builder
  .objectRef<{ readonly data: readonly string[]; readonly added: number }>("PersistOperationsSuccess")
  .implement({
    description: "persistOperations did what was asked.",
    fields: (t) => ({
      data: t.stringList({
        description: "What clients name the documents by, in their order: the SHA-256 of each.",
        resolve: ({ data }) => [...data],
      }),
      added: t.exposeInt("added", { description: "How many were not known before." }),
    }),
  });

mutation("persistOperations", {
  permission: "key.manage",
  description:
    "Makes documents known by their hashes, so that clients need not send them, and may run them where only known ones are run. For the whole installation, and for good.",
  input: builder.inputType("PersistOperationsInput", {
    description: "Documents to make known.",
    fields: (t) => ({
      documents: t.stringList({
        required: true,
        description: "1 to 200 documents, each with its fragments: up to 50,000 characters.",
      }),
    }),
  }),
  success: Persisted,
  resolve: async (input, { installation: runtime, caller }) => {
    const issues = input.documents.flatMap((text, at) => {
      const message = problemOf(text);
      return message === null ? [] : [{ path: ["documents", String(at)], message }];
    });
    if (issues.length > 0) throw new InvalidInput(issues);
    const { hashes, added } = await persistOperations(runtime, caller, input);
    return { data: hashes, added };
  },
});

function problemOf(text: string): string | null {
  try {
    parse(text, { maxTokens: 10_000 });
    return null;
  } catch (error) {
    return `is no GraphQL document: ${(error as Error).message}`;
  }
}
