/** A kind of task that a definition's metadata describes. */
export interface TaskKind {
  readonly kind: string;
  readonly description: string | null;
  /** A JSON Schema of its input. */
  readonly schema: Readonly<Record<string, unknown>> | null;
  /** What its input holds, in words, where there is no schema. */
  readonly input: readonly { readonly name: string; readonly text: string }[];
}

/** The kinds of tasks that `metadata.tasks` describes, by name. Metadata is anyone's: what cannot be read is left out. */
export function taskKinds(metadata: unknown): TaskKind[] {
  return Object.entries(objectIn(metadata, "tasks") ?? {})
    .map(([kind, given]) => {
      const description = isObject(given) ? given["description"] : given;
      const input = Object.entries(objectIn(given, "input") ?? {});
      return {
        kind,
        description: typeof description === "string" ? description : null,
        schema: objectIn(given, "inputSchema"),
        input: input.map(([name, text]) => ({ name, text: typeof text === "string" ? text : JSON.stringify(text) })),
      };
    })
    .sort((one, other) => one.kind.localeCompare(other.kind));
}

function objectIn(value: unknown, name: string): Readonly<Record<string, unknown>> | null {
  const found = isObject(value) ? value[name] : undefined;
  return isObject(found) ? found : null;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
