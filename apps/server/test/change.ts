import { schema } from "@muster/graphql/schema.ts";
import type { TestServer } from "./harness.ts";

/** What a mutation answered: a success with the fields asked for, or an error with all it says. */
export type Result = { __typename: string; data?: Record<string, unknown>; [field: string]: unknown };

const ERRORS: Record<string, string> = {
  IllegalTransition: "state action allowed",
  Conflict: "expected actual",
  InvalidInput: "issues { path message }",
  Forbidden: "permission",
};

/** Sends one mutation, which asks for `fields` of its success. */
export async function change(
  server: TestServer,
  name: string,
  input: object,
  fields = "data { id }",
  key?: string,
): Promise<Result> {
  const type = name.charAt(0).toUpperCase() + name.slice(1);
  const inputType = String(schema.getMutationType()?.getFields()[name]?.args[0]?.type);
  const union = schema.getType(`${type}Result`) as unknown as { getTypes(): { name: string }[] };
  const errors = union
    .getTypes()
    .flatMap(({ name: error }) => (error in ERRORS ? [`... on ${error} { ${ERRORS[error]} }`] : []));
  const answer = await server.ask<Record<string, Result>>(
    `mutation ($input: ${inputType}) { ${name}(input: $input) {
       __typename ... on ${type}Success { ${fields} } ... on Error { code message } ${errors.join(" ")} } }`,
    { input },
    key,
  );
  if (!answer.data?.[name]) throw new Error(JSON.stringify(answer.errors));
  return answer.data[name];
}
