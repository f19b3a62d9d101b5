import type { AgentBundleChange } from "#api/generated/graphql.ts";

const WORDS: Readonly<Record<Exclude<AgentBundleChange, "CONTEXT">, string>> = {
  CONFIG: "config",
  DEFINITION_VERSION: "definition version",
  LIMITS: "tasks at once",
  REGISTRATION: "registered",
};

interface Change {
  readonly changes: readonly AgentBundleChange[];
  /** Of a change of a context. */
  readonly version: { readonly number: number; readonly context: { readonly name: string } } | null;
}

/** What a bundle has that the one before had not: "Config, tasks at once", "plan version 41". */
export function bundleText({ changes, version }: Change): string {
  const words = changes.map((change) =>
    change === "CONTEXT"
      ? version === null
        ? "a context"
        : `${version.context.name} version ${version.number}`
      : WORDS[change],
  );
  const text = words.join(", ");
  return changes[0] === "CONTEXT" ? text : text.charAt(0).toUpperCase() + text.slice(1);
}
