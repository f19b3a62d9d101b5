/** A kind of task that a definition describes, or at least is capable of. */
export interface TaskKind {
  readonly kind: string;
  /** The definition whose agents do it. */
  readonly definition: string;
  readonly description: string | null;
  /** A JSON Schema of the input, where the definition has one. */
  readonly inputSchema: unknown;
}

interface Definition {
  readonly name: string;
  readonly capabilities: readonly string[];
  readonly metadata: unknown;
}

/** The kinds of tasks that definitions describe in `metadata.tasks`, and their capabilities beside these. */
export function taskKindsOf(definitions: readonly Definition[]): TaskKind[] {
  return definitions.flatMap(({ name: definition, capabilities, metadata }) => {
    const described = objectIn(metadata, "tasks") ?? {};
    const kinds = [...new Set([...Object.keys(described), ...capabilities])];
    return kinds.map((kind) => {
      const task = objectIn(described, kind);
      const description = task?.["description"];
      return {
        kind,
        definition,
        description: typeof description === "string" ? description : null,
        inputSchema: objectIn(task, "inputSchema") ?? null,
      };
    });
  });
}

function objectIn(value: unknown, key: string): Readonly<Record<string, unknown>> | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const found = (value as Record<string, unknown>)[key];
  return typeof found === "object" && found !== null && !Array.isArray(found)
    ? (found as Record<string, unknown>)
    : undefined;
}
