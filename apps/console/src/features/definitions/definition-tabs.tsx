import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { numberText } from "#components/number-text.ts";
import { Tabs } from "#components/tabs.tsx";
import { DEFINITION_TABS, type DefinitionTab } from "#features/definitions/definition-view.ts";
import { HeaderFragment } from "#features/definitions/header-fragment.ts";
import { type ProjectRoute, routes } from "#routes.ts";

interface DefinitionTabsProps {
  readonly project: ProjectRoute;
  readonly slug: string;
  readonly tab: DefinitionTab;
  readonly definition: FragmentType<typeof HeaderFragment>;
}

const NAMES: Readonly<Record<DefinitionTab, string>> = { about: "About", versions: "Versions", agents: "Agents" };

/** The parts of a definition's page. */
export function DefinitionTabs({ project, slug, tab: current, definition }: DefinitionTabsProps) {
  const { version, agentsByVersion } = readFragment(HeaderFragment, definition);
  const agents = agentsByVersion.reduce((sum, count) => sum + count.agents, 0);
  const counts: Partial<Record<DefinitionTab, string>> = { versions: numberText(version), agents: numberText(agents) };
  return (
    <Tabs
      label="Definition"
      tabs={DEFINITION_TABS.map((tab) => ({
        name: NAMES[tab],
        href: routes.definition(project, slug, { tab: tab === "about" ? undefined : tab }),
        current: tab === current,
        ...(counts[tab] !== undefined && { count: counts[tab] }),
      }))}
    />
  );
}
