"use client";
import Link from "next/link";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import { Ago } from "#components/time.tsx";
import type { Reading } from "#features/agent/contexts/readings.ts";
import { TEXT_LINK } from "#features/agent/text-link.ts";
import { RollbackStateBadge } from "#lifecycles/rollback-states.tsx";
import { type ProjectRoute, routes } from "#routes.ts";

const RowFragment = graphql(`
  fragment AgentContextRow on Context {
    id
    name
    currentVersion
    rollbackState
    rollbackPointer
    rollbackVersion
    versions(first: 1) {
      edges {
        node {
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
  }
`);

interface ContextRowProps {
  readonly project: ProjectRoute;
  readonly context: FragmentType<typeof RowFragment>;
  readonly whose: "its own" | "shared";
  readonly reading: Reading;
}

/** One context that the agent uses: which version it has of it, and which is the newest. */
export function ContextRow({ project, context: masked, whose, reading }: ContextRowProps) {
  const context = readFragment(RowFragment, masked);
  const { id, name, currentVersion, rollbackState, rollbackPointer } = context;
  const last = context.versions.edges[0]?.node;
  return (
    <tr className="border-t border-line align-baseline hover:bg-sunken/60">
      <th scope="row" className="max-w-0 min-w-40 px-4 py-2.5 text-left font-normal sm:w-1/4">
        <Link
          href={routes.context(project, id)}
          prefetch={false}
          className="block truncate font-[550] hover:underline"
          title={name}
        >
          {name}
        </Link>
        <span className="text-faint">{whose}</span>
      </th>
      <td className="px-4 py-2.5">
        <Loaded project={project} context={context} reading={reading} />
      </td>
      <td className="hidden px-4 py-2.5 lg:table-cell">
        {rollbackState === null ? (
          <span className="text-faint">never rolled back</span>
        ) : (
          <>
            <span className="inline-flex items-baseline gap-2 whitespace-nowrap">
              <RollbackStateBadge state={rollbackState} />
              <span className="text-muted tabular-nums">to {rollbackPointer}</span>
            </span>
            {reading.confirmation && <Answer confirmation={reading.confirmation} />}
          </>
        )}
      </td>
      <td className="hidden w-1/3 max-w-0 px-4 py-2.5 text-muted sm:table-cell">
        {last ? (
          <div className="flex items-baseline gap-2">
            <span className="min-w-0 truncate" title={last.message ?? undefined}>
              {last.author.name}
              {last.message !== null && last.message !== "" && `: ${last.message}`}
            </span>
            <span className="ml-auto shrink-0 text-faint">
              <Ago at={last.createdAt} />
            </span>
          </div>
        ) : (
          <span className="text-faint">{currentVersion === 0 ? "nothing written yet" : ""}</span>
        )}
      </td>
    </tr>
  );
}

interface LoadedProps {
  readonly project: ProjectRoute;
  readonly context: { readonly id: string; readonly currentVersion: number };
  readonly reading: Reading;
}

function Loaded({ project, context: { id, currentVersion }, reading: { loaded } }: LoadedProps) {
  const newest = (
    <Link href={routes.context(project, id, { version: currentVersion })} prefetch={false} className={TEXT_LINK}>
      {currentVersion}
    </Link>
  );
  if (currentVersion === 0) return <span className="text-muted">no version yet</span>;
  if (loaded === null || loaded === 0) {
    return <span className="text-muted tabular-nums">none loaded; newest: {newest}</span>;
  }
  if (loaded >= currentVersion) return <span className="tabular-nums">{newest}, the newest</span>;
  return (
    <span className="tabular-nums">
      {loaded}{" "}
      <Link
        href={routes.context(project, id, { compare: { from: loaded, to: currentVersion } })}
        prefetch={false}
        className="whitespace-nowrap text-warning hover:underline"
        title={`Compare ${loaded} → ${currentVersion}`}
      >
        {currentVersion - loaded} behind {currentVersion}
      </Link>
    </span>
  );
}

const ANSWERS = { PENDING: "has not confirmed yet", SUCCEEDED: "has confirmed", FAILED: "could not load it" } as const;

function Answer({ confirmation: { state, error } }: { readonly confirmation: NonNullable<Reading["confirmation"]> }) {
  return (
    <div className={`text-sm ${state === "FAILED" ? "text-danger" : "text-muted"}`}>
      It {ANSWERS[state]}
      {error !== null && `: ${error}`}
    </div>
  );
}
