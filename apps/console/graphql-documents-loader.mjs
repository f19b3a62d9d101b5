import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

/** The text of every operation with its fragments, as `npm run generate` writes it. */
const DOCUMENTS = fileURLToPath(new URL("src/api/generated/persisted-documents.json", import.meta.url));
const CALL = /\bgraphql\(`\s*(query|mutation|subscription|fragment) (\w+)[^`]*`,?\s*\)/g;
const IMPORT = /^import \{ graphql \} from "#api\/generated\/gql\.ts";$/m;
/** What the calls become: a text that knows its hash, which is sent in its place. */
const PERSISTED = 'import { persisted } from "#api/persisted.ts";';
/** Fragments come first. */
const NAME = /(?:^|\} )(?:query|mutation|subscription) (\w+)(?=\(| [{@])/;

/**
 * Puts each operation's own text where `graphql` is called. The function that it replaces finds a document in a map of all of
 * them, which every page would load. Fragments are only types: their text is in the operations that spread them.
 */
async function loadDocuments(source) {
  this.addDependency(DOCUMENTS);
  const documents = new Map(
    Object.entries(JSON.parse(await readFile(DOCUMENTS, "utf8"))).map(([hash, text]) => [
      NAME.exec(text)?.[1],
      { text, hash: hash.replace("sha256:", "") },
    ]),
  );
  return source.replace(IMPORT, PERSISTED).replace(CALL, (_call, kind, name) => {
    if (kind === "fragment") return "(undefined)";
    const document = documents.get(name);
    if (document === undefined) throw new Error(`The ${kind} ${name} is new: run npm run generate.`);
    return `persisted(${JSON.stringify(document.text)}, "${document.hash}")`;
  });
}

export default loadDocuments;
