import { readFile } from "node:fs/promises";
import { LauncherError } from "./launcher-error.ts";
import { keptKey, type SignInOptions, urlOf } from "./sign-in-link.ts";

/** The server knows this one by its hash: it runs also where only known operations are run. */
const PERSIST = `mutation ($input: PersistOperationsInput!) { persistOperations(input: $input) { __typename ... on PersistOperationsSuccess { data added } ... on Error { code message } } }`;
const ANSWER_MS = 30_000;
/** So many go in one request. */
const AT_ONCE = 50;

interface Answer {
  readonly data?: { readonly persistOperations: { readonly added?: number; readonly message?: string } } | null;
  readonly errors?: readonly { readonly message: string }[];
}

/**
 * Makes the operations in a file known to a running Muster: a JSON list of texts, or an object whose values are texts, as code
 * generators write it. Gives how many there are and how many were new. Throws a `LauncherError` that says what to do.
 */
export async function persistOperations(file: string, options: SignInOptions): Promise<{ all: number; added: number }> {
  const documents = await documentsIn(file);
  const key = options.bootstrapKey ?? (await keptKey(options.bootstrapKeyFile));
  let added = 0;
  for (let at = 0; at < documents.length; at += AT_ONCE) {
    added += await send(urlOf(options), key, documents.slice(at, at + AT_ONCE));
  }
  return { all: documents.length, added };
}

async function documentsIn(file: string): Promise<string[]> {
  try {
    const content = JSON.parse(await readFile(file, "utf8")) as unknown;
    const texts = typeof content === "object" && content !== null ? Object.values(content) : [];
    if (texts.length > 0 && texts.every((text) => typeof text === "string")) return texts;
  } catch (error) {
    throw new LauncherError(`${file} cannot be read as JSON (${(error as Error).message}).`, { cause: error });
  }
  throw new LauncherError(
    `${file} holds no operations: it has to be a JSON list of texts, or an object of texts by their hashes.`,
  );
}

async function send(url: string, key: string, documents: readonly string[]): Promise<number> {
  const response = await fetch(`${url}/graphql`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify({ query: PERSIST, variables: { input: { documents } } }),
    redirect: "error",
    signal: AbortSignal.timeout(ANSWER_MS),
  }).catch((error: unknown) => {
    throw new LauncherError(
      `Nothing answers at ${url}: start Muster with \`npm start\`, or give the --port and --host that it runs with.`,
      { cause: error },
    );
  });
  const { data, errors } = (await response.json().catch(() => ({}))) as Answer;
  const { added, message = errors?.[0]?.message } = data?.persistOperations ?? {};
  if (added !== undefined) return added;
  throw new LauncherError(`The Muster at ${url} refused: ${message ?? `status ${response.status}`}`);
}
