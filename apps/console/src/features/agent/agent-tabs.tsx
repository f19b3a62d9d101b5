"use client";
import { useSearchParams } from "next/navigation";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import { numberText } from "#components/number-text.ts";
import { Tabs } from "#components/tabs.tsx";
import { type ProjectRoute, routes } from "#routes.ts";

const TabsFragment = graphql(`
  fragment AgentTabs on Agent {
    id
    bundle
    tasks(first: 1) {
      totalCount
      totalIsCapped
    }
    contexts(first: 1) {
      totalCount
      totalIsCapped
    }
    readContexts(first: 1, shared: true) {
      totalCount
      totalIsCapped
    }
  }
`);

const TABS = ["timeline", "tasks", "contexts", "config", "versions", "health"] as const;
export type AgentTab = (typeof TABS)[number];

/** The tab that the address names; without a name, or with one that there is not, the timeline. */
export function useAgentTab(): AgentTab {
  const named = useSearchParams().get("tab");
  return TABS.find((tab) => tab === named) ?? "timeline";
}

interface AgentTabsProps {
  readonly project: ProjectRoute;
  readonly agent: FragmentType<typeof TabsFragment>;
}

/** The parts of an agent's page, with how much there is of each. */
export function AgentTabs({ project, agent: masked }: AgentTabsProps) {
  const { id, bundle, tasks, contexts, readContexts } = readFragment(TabsFragment, masked);
  const current = useAgentTab();
  const counts: Partial<Record<AgentTab, string>> = {
    tasks: countText(tasks),
    contexts: countText({
      totalCount: contexts.totalCount + readContexts.totalCount,
      totalIsCapped: contexts.totalIsCapped || readContexts.totalIsCapped,
    }),
    versions: numberText(bundle),
  };
  return (
    <Tabs
      label="Agent"
      tabs={TABS.map((tab) => ({
        name: tab.charAt(0).toUpperCase() + tab.slice(1),
        href: routes.agent(project, id, { tab: tab === "timeline" ? undefined : tab }),
        count: counts[tab],
        current: tab === current,
      }))}
    />
  );
}

function countText({ totalCount, totalIsCapped }: { readonly totalCount: number; readonly totalIsCapped: boolean }) {
  return `${numberText(totalCount)}${totalIsCapped ? "+" : ""}`;
}
