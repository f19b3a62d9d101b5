"use client";
import Link from "next/link";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import { Ago } from "#components/time.tsx";
import { ValueDiff } from "#components/diff/value-diff.tsx";
import { type ProjectRoute, routes } from "#routes.ts";

const DifferenceFragment = graphql(`
  fragment BundleDifference on AgentBundleDifference {
    from
    to
    config {
      op
    }
    definitionVersion {
      from
      to
    }
    maxConcurrency {
      from
      to
    }
    contexts {
      context {
        id
        name
      }
      from {
        id
        number
      }
      to {
        id
        number
        createdAt
        message
        author {
          name
        }
      }
    }
  }
`);

interface BundleDifferenceProps {
  readonly project: ProjectRoute;
  readonly difference: FragmentType<typeof DifferenceFragment>;
  /** The configs of the two. */
  readonly configs: { readonly from: unknown; readonly to: unknown };
  /** Whether this is what a rollback would do: what the older bundle does not know stays then. */
  readonly restoring?: boolean;
}

/** What differs between two bundles: each part that makes the agent what it is. */
export function BundleDifference({ project, difference: masked, configs, restoring = false }: BundleDifferenceProps) {
  const difference = readFragment(DifferenceFragment, masked);
  const { definitionVersion, maxConcurrency, config } = difference;
  const contexts = difference.contexts.filter(({ to }) => !restoring || to !== null);
  const left = restoring ? difference.contexts.filter(({ to }) => to === null) : [];
  const nothing = !definitionVersion && !maxConcurrency && config.length === 0 && contexts.length === 0;
  return (
    <div className="grid gap-4">
      {nothing && <p className="text-muted">They are the same: nothing differs.</p>}
      {definitionVersion && (
        <Numbers name="Definition version" from={definitionVersion.from} to={definitionVersion.to} />
      )}
      {maxConcurrency && <Numbers name="Tasks at once" from={maxConcurrency.from} to={maxConcurrency.to} />}
      {config.length > 0 && (
        <section>
          <h3 className="mb-1 font-[550]">Config</h3>
          <ValueDiff label="Config" before={configs.from} after={configs.to} />
        </section>
      )}
      {contexts.length > 0 && (
        <section>
          <h3 className="mb-1 font-[550]">Own contexts</h3>
          <ul aria-label="Contexts" className="divide-y divide-line rounded-md border border-line bg-surface">
            {contexts.map(({ context, from, to }) => (
              <li key={context.id} className="flex flex-wrap items-baseline gap-x-3 gap-y-0.5 px-3 py-1.75">
                <Link href={routes.context(project, context.id)} className="font-[550] hover:underline">
                  {context.name}
                </Link>
                <span className="tabular-nums">{numbersText(from?.number, to?.number)}</span>
                {to && (
                  <span className="min-w-0 grow truncate text-muted">
                    {to.author.name}, <Ago at={to.createdAt} />
                    {to.message !== null && to.message !== "" && `: ${to.message}`}
                  </span>
                )}
                {from && to && (
                  <Link
                    href={routes.context(project, context.id, { compare: { from: from.number, to: to.number } })}
                    className="whitespace-nowrap text-accent hover:underline"
                  >
                    Compare {from.number} → {to.number}
                  </Link>
                )}
              </li>
            ))}
          </ul>
        </section>
      )}
      {left.length > 0 && (
        <p className="text-muted">
          {left.map(({ context }) => context.name).join(", ")} {left.length === 1 ? "is" : "are"} younger than that
          bundle and {left.length === 1 ? "stays" : "stay"} as {left.length === 1 ? "it is" : "they are"}.
        </p>
      )}
    </div>
  );
}

function Numbers({ name, from, to }: { readonly name: string; readonly from: number; readonly to: number }) {
  return (
    <p>
      <span className="font-[550]">{name}</span>{" "}
      <span className="tabular-nums">
        {from} → {to}
      </span>
    </p>
  );
}

function numbersText(from: number | undefined, to: number | undefined): string {
  if (from === undefined) return `from version ${to}`;
  return to === undefined ? `version ${from}, not there then` : `${from} → ${to}`;
}
