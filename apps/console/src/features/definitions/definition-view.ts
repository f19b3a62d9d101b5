import type { DefinitionView } from "#routes.ts";

export const DEFINITION_TABS = ["about", "versions", "agents"] as const;
export type DefinitionTab = (typeof DEFINITION_TABS)[number];

/** What an address says of a definition's page. What is no answer counts as none. */
export function definitionView(params: { get(name: string): string | null }): DefinitionView & { tab: DefinitionTab } {
  const given = params.get("tab");
  const tab = DEFINITION_TABS.find((each) => each === given) ?? "about";
  const [version, compare, after, before] = ["version", "compare", "after", "before"].map(
    (name) => params.get(name) ?? undefined,
  );
  return { tab, version, compare, after, before };
}

/** "2..5" as two versions, the older one first; null for anything else. */
export function comparedVersions(text: string | undefined): readonly [from: number, to: number] | null {
  const [, one, other] = /^(\d{1,9})\.\.(\d{1,9})$/.exec(text ?? "") ?? [];
  if (one === undefined || other === undefined) return null;
  const [from, to] = [Number(one), Number(other)].sort((a, b) => a - b);
  return from === undefined || to === undefined || from === to || from < 1 ? null : [from, to];
}
