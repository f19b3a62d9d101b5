"use client";
import Link from "next/link";
import { usePathname } from "next/navigation";
import type { ReactNode } from "react";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import { numberText } from "#components/number-text.ts";
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
  /** Tasks that have failed for good. */
  readonly deadTasks: { readonly count: number; readonly isCapped: boolean } | undefined;
}

/** The project's pages, and what in it needs somebody. */
export function Navigation({ current, project, deadTasks }: NavigationProps) {
  const pathname = usePathname();
  const counts = readFragment(NavigationFragment, project);
  const agentsIn = (...states: string[]) =>
    counts?.agentCounts.reduce(
      (sum, { state, count }) => (states.length === 0 || states.includes(state) ? sum + count : sum),
      0,
    );
  const numbers: Readonly<Record<string, number | undefined>> = {
    Fleet: agentsIn(),
    Contexts: counts?.contexts.totalCount,
  };
  const [first, ...others] = projectPages(current).map(({ name: group, pages }) => (
    <Group key={group} name={group}>
      {pages.map(({ name, href, covers }) => (
        <Item
          key={name}
          name={name}
          href={href}
          number={numbers[name] === undefined ? undefined : numberText(numbers[name])}
          current={pathname === href ? "page" : covers(pathname) ? "true" : undefined}
        />
      ))}
    </Group>
  ));
  const attention = [
    {
      name: "In error",
      number: agentsIn("ERROR"),
      href: routes.fleet(current, { state: ["ERROR"] }),
    },
    {
      name: "Unresponsive",
      number: agentsIn("UNRESPONSIVE"),
      href: routes.fleet(current, { state: ["UNRESPONSIVE"] }),
    },
    {
      name: "Dead tasks",
      number: deadTasks?.count,
      more: deadTasks?.isCapped,
      href: routes.tasks(current, { state: ["FAILED"] }),
    },
    {
      name: "Rolling back",
      number: counts?.rollingBack.totalCount,
      href: routes.contexts(current, { rollback: "pending" }),
    },
  ].filter(({ number }) => number);
  return (
    <nav aria-label="Project" className="mt-2.5 grid gap-3 pb-4">
      {first}
      {attention.length > 0 && (
        <Group name="Attention">
          {attention.map(({ name, number = 0, more, href }) => (
            <Item key={name} name={name} href={href} number={`${numberText(number)}${more ? "+" : ""}`} urgent />
          ))}
        </Group>
      )}
      {others}
    </nav>
  );
}

function Group({ name, children }: { readonly name: string | null; readonly children: ReactNode }) {
  return (
    <div role="group" {...(name !== null && { "aria-label": name })} className="grid gap-0.5">
      {name !== null && <p className="px-2.5 pb-0.5 text-sm font-[550] text-faint">{name}</p>}
      {children}
    </div>
  );
}

interface ItemProps {
  readonly name: string;
  readonly href: string;
  readonly number: string | undefined;
  readonly current?: "page" | "true" | undefined;
  readonly urgent?: boolean;
}

function Item({ name, href, number, current, urgent = false }: ItemProps) {
  return (
    <Link
      href={href}
      aria-current={current}
      className={`flex justify-between gap-3 rounded-md px-2.5 py-1 ${current ? "bg-sunken font-[550] text-ink" : "text-muted hover:bg-sunken"}`}
    >
      {name}
      <span className={`tabular-nums ${urgent ? "font-semibold text-danger" : "text-faint"}`}>{number}</span>
    </Link>
  );
}
