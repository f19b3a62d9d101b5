import { readFile, stat } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import * as agentDocuments from "@muster/agent/documents.ts";
import { TASK_DOCUMENTS } from "@muster/client/tasks.ts";
import { operationHash } from "@muster/operations/persisted-operations/persist-operations.ts";
import { type ASTNode, Kind, parse, print, type SelectionSetNode, visit } from "graphql";

/** What `npm run generate` writes of the console's documents, by their hashes. */
const CONSOLE = fileURLToPath(new URL("../../console/src/api/generated/persisted-documents.json", import.meta.url));
/** What `npm run persist` sends. */
export const PERSIST = `mutation ($input: PersistOperationsInput!) { persistOperations(input: $input) { __typename ... on PersistOperationsSuccess { data added } ... on Error { code message } } }`;
/** While the console is being worked on, its documents change. */
const LOOK_AGAIN_MS = 1_000;

/**
 * The operations that come with Muster: the console's, and those of agents and clients on its SDK. Reads the console's anew when they
 * have changed; none without a console.
 */
export function shippedOperations(): () => Promise<ReadonlyMap<string, string>> {
  const programs = programDocuments();
  let known: Promise<ReadonlyMap<string, string>> = Promise.resolve(programs);
  let changedAt = -1;
  let lookedAt = Number.NEGATIVE_INFINITY;
  const look = async (before: typeof known): typeof known => {
    const modifiedAt = await stat(CONSOLE).then(
      ({ mtimeMs }) => mtimeMs,
      () => -1,
    );
    if (modifiedAt === changedAt) return before;
    const all = new Map([...programs, ...(modifiedAt === -1 ? [] : await consoleDocuments())]);
    changedAt = modifiedAt;
    return all;
  };
  return () => {
    const now = performance.now();
    if (now - lookedAt >= LOOK_AGAIN_MS) {
      lookedAt = now;
      const before = known;
      // Who asks meanwhile waits for the same look, the first one above all.
      known = look(before);
      known.catch(() => {
        known = before;
      });
    }
    return known;
  };
}

function programDocuments(): Map<string, string> {
  const documents = [...Object.values(agentDocuments), ...TASK_DOCUMENTS, PERSIST].map(String);
  return new Map(documents.map((text) => [operationHash(text), text]));
}

/** Each by the hash that the console sends, and by that of its text. */
async function consoleDocuments(): Promise<[string, string][]> {
  const documents = JSON.parse(await readFile(CONSOLE, "utf8")) as Record<string, string>;
  return Object.entries(documents).map(([hash, text]) => [hash.replace(/^sha256:/, ""), withTypeNames(text)]);
}

/** The console's cache asks for the type of everything, which it puts into each document itself when it sends the text. */
function withTypeNames(text: string): string {
  const document = visit(parse(text), {
    SelectionSet(selectionSet, _key, parent): SelectionSetNode | undefined {
      if ((parent as ASTNode).kind === Kind.OPERATION_DEFINITION) return undefined;
      const there = selectionSet.selections.some(
        (selection) => selection.kind === Kind.FIELD && selection.name.value === "__typename" && !selection.alias,
      );
      const typeName = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: "__typename" } } as const;
      return there ? undefined : { ...selectionSet, selections: [...selectionSet.selections, typeName] };
    },
  });
  return print(document);
}
