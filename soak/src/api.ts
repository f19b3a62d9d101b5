import { setTimeout as sleep } from "node:timers/promises";

/** What a mutation's field answered: a success with the fields asked for, or an error. */
export interface MutationResult {
  readonly __typename: string;
  readonly code?: string;
  readonly message?: string;
}

const ANSWER_MS = 15_000;
const PERSISTENT_MS = 30_000;

/**
 * Sends one operation over HTTP and gives its data. Rejects when the server does not answer or answers with errors: then
 * it may or may not have been carried out.
 */
export async function ask<Data>(url: string, key: string, query: string, variables: unknown = {}): Promise<Data> {
  const response = await fetch(`${url}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${key}` },
    body: JSON.stringify({ query, variables }),
    signal: AbortSignal.timeout(ANSWER_MS),
  });
  const body = (await response.json()) as { data?: Data | null; errors?: { message: string }[] };
  if (!body.data || body.errors)
    throw new Error(body.errors?.[0]?.message ?? `Status ${response.status} without data.`);
  return body.data;
}

/** Does what changes nothing until it succeeds, for up to half a minute; then rejects as it did. */
export async function persistently<Result>(signal: AbortSignal, work: () => Promise<Result>): Promise<Result> {
  const deadline = performance.now() + PERSISTENT_MS;
  while (true) {
    try {
      return await work();
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await sleep(100, null, { signal });
    }
  }
}

/** Sends one mutation that has `$input`, of a type that is named after it unless told otherwise, and asks for `fields` of its success. */
export async function change<Success>(
  url: string,
  key: string,
  name: string,
  input: object,
  fields: string,
  inputType?: string,
): Promise<MutationResult & Success> {
  const type = name.charAt(0).toUpperCase() + name.slice(1);
  const data = await ask<Record<string, MutationResult & Success>>(
    url,
    key,
    `mutation ($input: ${inputType ?? `${type}Input`}!) { ${name}(input: $input) {
       __typename ... on ${type}Success { ${fields} } ... on Error { code message } } }`,
    { input },
  );
  const result = data[name];
  if (!result) throw new Error(`The server did not answer ${name}.`);
  return result;
}

/** As `change`, where nothing but success is expected. */
export async function changed<Success>(
  url: string,
  key: string,
  name: string,
  input: object,
  fields: string,
): Promise<Success> {
  const result = await change<Success>(url, key, name, input, fields);
  if (!result.__typename.endsWith("Success")) throw new Error(`${name}: ${result.message}`);
  return result;
}
