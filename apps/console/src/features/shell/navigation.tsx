"use client";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import { projectPages } from "#features/shell/project-pages.ts";
import { type ProjectRoute, routes } from "#routes.ts";

const NavigationFragment = graphql(`
  fragment Navigation on Project {
    agentCounts {
      state
      count
    }
    contexts(first: 1) {
      totalCount
    }
    rollingBack: contexts(first: 1, filter: { rollbackStates: [PENDING] }) {
      totalCount
    }
  }
`);

interface NavigationProps {
  readonly current: ProjectRoute;
  readonly project: FragmentType<typeof NavigationFragment> | null | undefined;
}

/** The project's pages, and what in it needs somebody. */
export function Navigation({ current, project }: NavigationProps) {
  const pathname = usePathname();
  const counts = readFragment(NavigationFragment, project);
  const agents = counts?.agentCounts.reduce((sum, { count }) => sum + count, 0);
  const troubled = counts?.agentCounts
    .filter(({ state }) => state === "ERROR" || state === "UNRESPONSIVE")
    .reduce((sum, { count }) => sum + count, 0);
  const number = { Fleet: agents, Contexts: counts?.contexts.totalCount, Webhooks: undefined, Explorer: undefined };
  return (
    <nav aria-label="Project" className="mt-2.5 flex gap-0.5 overflow-x-auto pb-2 md:flex-col">
      {projectPages(current).map(({ name, href, covers }) => (
        <Link
          key={name}
          href={href}
          aria-current={pathname === href ? "page" : covers(pathname) ? "true" : undefined}
          className={`flex justify-between gap-3 rounded-md px-2.5 py-1.25 ${covers(pathname) ? "bg-sunken font-[550] text-ink" : "text-muted hover:bg-sunken"}`}
        >
          {name}
          <span className="text-faint tabular-nums">{number[name]}</span>
        </Link>
      ))}
      <Attention name="In trouble" count={troubled} href={`${routes.fleet(current)}?state=ERROR,UNRESPONSIVE`} />
      <Attention
        name="Rolling back"
        count={counts?.rollingBack.totalCount}
        href={routes.contexts(current, { rollback: "pending" })}
      />
    </nav>
  );
}

interface AttentionProps {
  readonly name: string;
  readonly count: number | undefined;
  readonly href: string;
}

/** Shown only while there is something. */
function Attention({ name, count, href }: AttentionProps) {
  if (!count) return null;
  return (
    <Link
      href={href}
      className="flex justify-between gap-3 rounded-md px-2.5 py-1.25 whitespace-nowrap text-muted hover:bg-sunken md:mt-3"
    >
      {name}
      <span className="font-semibold text-danger tabular-nums">{count}</span>
    </Link>
  );
}
