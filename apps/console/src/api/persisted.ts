import { persistedDocuments } from "@muster/client/persisted-documents.ts";

/** The hashes by which the server knows this build's operations, by their names: see graphql-documents-loader.mjs. */
const hashes = new Map<string, string>();
const BRACE_OR_OPERATION = /[{}]|\b(?:query|mutation|subscription)\s+(\w+)/g;
const UNKNOWN = "PERSISTED_QUERY_NOT_FOUND";

/** Called where a document is: remembers its hash, and gives its text, from which the cache learns what is asked for. */
export function persisted(text: string, hash: string): string {
  const name = nameOf(text);
  if (name !== null) hashes.set(name, hash);
  return text;
}

/** The hash of an operation of this build, whatever the cache has added to its text; null for any other. */
export function hashOf(text: string): string | null {
  const name = nameOf(text);
  return name === null ? null : (hashes.get(name) ?? null);
}

const documents = persistedDocuments(hashOf);

/** As `fetch`, and sends the hash of an operation in place of its text; the text when the server is of another version. */
export const persistedFetch: typeof fetch = async (input, init) => {
  const body = typeof init?.body === "string" ? (JSON.parse(init.body) as { query?: string; extensions?: object }) : {};
  const hash = documents.hashOf(body.query ?? "");
  if (hash === null) return fetch(input, init);
  const extensions = { ...body.extensions, persistedQuery: { version: 1, sha256Hash: hash } };
  const answer = await fetch(input, { ...init, body: JSON.stringify({ ...body, query: undefined, extensions }) });
  if (answer.ok || !(await answer.clone().text()).includes(UNKNOWN)) return answer;
  return fetch(input, init);
};

/** The name of the operation in a document. Outside of all braces: inside, a field may be called `query`. */
function nameOf(text: string): string | null {
  let depth = 0;
  for (const [found, name] of text.matchAll(BRACE_OR_OPERATION)) {
    if (found === "{") depth += 1;
    else if (found === "}") depth -= 1;
    else if (depth === 0) return name ?? null;
  }
  return null;
}
