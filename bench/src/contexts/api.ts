import type { ServerProcess } from "../server-process.ts";

/** Sends a query and gives its data. Throws what a mutation refused. */
export type Ask = <Data>(query: string, variables: object) => Promise<Data>;

/** Over HTTP, one connection kept alive. */
export function askOverHttp({ url, key }: Pick<ServerProcess, "url" | "key">): Ask {
  const headers = { "content-type": "application/json", authorization: `Bearer ${key}` };
  return async <Data>(query: string, variables: object): Promise<Data> => {
    const body = JSON.stringify({ query, variables });
    const response = await fetch(`${url}/graphql`, { method: "POST", headers, body });
    const text = await response.text();
    const { data, errors } = JSON.parse(text) as { data?: Record<string, { code?: string } | null>; errors?: unknown };
    const refused = Object.values(data ?? {}).some((answer) => typeof answer?.code === "string");
    if (!data || errors || refused) throw new Error(text.slice(0, 2_000));
    return data as Data;
  };
}

export const WRITE = `mutation ($input: WriteContextInput!) {
  writeContext(input: $input) { ... on WriteContextSuccess { data { number } } ... on Error { code message } }
}`;
export const READ = `query ($id: ID!, $number: Int!) { node(id: $id) { ... on Context { version(number: $number) { data } } } }`;
export const READERS = `query ($id: ID!) { node(id: $id) { ... on Context { readers { version } } } }`;
export const COMPARE = `query ($id: ID!, $from: Int!, $to: Int!) { node(id: $id) { ... on Context { diff(from: $from, to: $to) { op path value } } } }`;
export const ROLL_BACK = `mutation ($input: RollBackContextInput!) {
  rollBackContext(input: $input) { ... on RollBackContextSuccess { data { currentVersion rollbackState } } ... on Error { code message } }
}`;
export const NEW_AGENT_KEY = `mutation ($input: RotateAgentKeyInput!) {
  rotateAgentKey(input: $input) { ... on RotateAgentKeySuccess { key } ... on Error { code message } }
}`;
export const FOLLOW = `subscription ($project: ID!) {
  contextVersions(project: $project) { ... on EventDelivery { event { ... on RollbackSettled { subjectId version state } } } }
}`;
