import type { Tenant, TestServer } from "./harness.ts";

export interface Result {
  readonly __typename: string;
  readonly message?: string;
  readonly issues?: readonly { readonly path: readonly string[]; readonly message: string }[];
  readonly data?: { readonly data: unknown; readonly number: number };
}

/** What to ask of any result. */
export const ERRORS = "__typename ... on Error { message } ... on InvalidInput { issues { path message } }";
const WRITTEN = `${ERRORS} ... on WriteContextSuccess { data { number data } }`;

/** Writes contexts with text that is sent as it is: some of it JSON.stringify could not write. */
export class ContextWrites {
  readonly #server: TestServer;
  readonly #tenant: Tenant;
  #contexts = 0;

  constructor(server: TestServer, tenant: Tenant) {
    this.#server = server;
    this.#tenant = tenant;
  }

  async newContext(): Promise<string> {
    const { data } = await this.#server.ask<{ openContext: { data: { id: string } } }>(
      `mutation ($input: OpenContextInput!) { openContext(input: $input) { ... on OpenContextSuccess { data { id } } } }`,
      { input: { projectId: this.#tenant.projectId, name: `context ${++this.#contexts}` } },
    );
    return data?.openContext.data.id ?? "";
  }

  async send(query: string, variables = "{}"): Promise<{ status: number; text: string }> {
    const response = await fetch(`${this.#server.url}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${this.#server.adminKey}` },
      body: `{"query":${JSON.stringify(query)},"variables":${variables}}`,
    });
    return { status: response.status, text: await response.text() };
  }

  /** The field `result` of what the document answers. */
  async result(query: string, variables?: string): Promise<Result> {
    const { text } = await this.send(query, variables);
    const { data, errors } = JSON.parse(text) as { data?: { result: Result } | null; errors?: unknown };
    if (!data) throw new Error(JSON.stringify(errors));
    return data.result;
  }

  /** `input` is what follows the context's id in the input, as JSON. */
  write(contextId: string, input: string, fields = WRITTEN): Promise<Result> {
    return this.result(
      `mutation ($input: WriteContextInput!) { result: writeContext(input: $input) { ${fields} } }`,
      `{"input":{"contextId":"${contextId}",${input}}}`,
    );
  }

  /** The same as a literal within the document. */
  writeLiteral(contextId: string, input: string, variables?: string): Promise<Result> {
    const parameters = variables === undefined ? "" : "($x: JSON)";
    return this.result(
      `mutation ${parameters} { result: writeContext(input: { contextId: "${contextId}", ${input} }) { ${WRITTEN} } }`,
      variables,
    );
  }
}
