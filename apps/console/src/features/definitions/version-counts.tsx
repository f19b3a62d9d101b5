import Link from "next/link";
import { numberText } from "#components/number-text.ts";
import { type ProjectRoute, routes } from "#routes.ts";

interface VersionCountsProps {
  readonly project: ProjectRoute;
  readonly slug: string;
  readonly newest: number;
  readonly counts: readonly { readonly version: number; readonly agents: number }[];
}

/** How many agents have which version: each leads to them. Those behind the newest one stand out. */
export function VersionCounts({ project, slug, newest, counts }: VersionCountsProps) {
  if (counts.length === 0) return <span className="text-faint">none</span>;
  return (
    <ul className="flex flex-wrap gap-x-3 gap-y-0.5">
      {counts.map(({ version, agents }) => (
        <li key={version}>
          <Link
            href={routes.fleet(project, { search: `definition:${slug} version:${version}` })}
            prefetch={false}
            className="rounded-sm whitespace-nowrap tabular-nums hover:text-accent hover:underline"
          >
            {numberText(agents)}
            <span className="text-faint">
              {" "}
              <span className="sr-only">{agents === 1 ? "agent has" : "agents have"} version </span>
              <span aria-hidden>on v</span>
              {version}
            </span>
            {version < newest && <span className="text-warning"> behind</span>}
          </Link>
        </li>
      ))}
    </ul>
  );
}
