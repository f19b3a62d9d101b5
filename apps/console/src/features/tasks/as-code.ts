import type { CreateTaskInput } from "#api/generated/graphql.ts";

const CREATE =
  "mutation ($input: CreateTaskInput!) { createTask(input: $input) { ... on CreateTaskSuccess { repeated data { id state } } ... on Error { code message } } }";

/** A shell command that creates a task; the key is taken from the environment. */
export function curlOf(input: CreateTaskInput, origin: string): string {
  const body = JSON.stringify({ query: CREATE, variables: { input } }).replaceAll("'", "'\\''");
  return [
    `curl ${origin}/graphql`,
    `  --header "authorization: Bearer $MUSTER_KEY"`,
    `  --header 'content-type: application/json'`,
    `  --data '${body}'`,
  ].join(" \\\n");
}

/** A program that creates a task with @muster/client and waits for its end. */
export function programOf(input: CreateTaskInput, origin: string): string {
  return `import { createClient } from "@muster/client/client.ts";
import { runTask } from "@muster/client/tasks.ts";

const client = createClient({ url: ${JSON.stringify(origin)}, credentials: () => process.env.MUSTER_KEY ?? "" });
const task = await runTask(client, ${JSON.stringify(input, null, 2)});
console.log(task.state, task.output);
client.close();
`;
}
