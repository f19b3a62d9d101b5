import Link from "next/link";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import { Ago } from "#components/time.tsx";
import { RollbackStateBadge } from "#features/contexts/rollback-states.tsx";
import { type ProjectRoute, routes } from "#routes.ts";

const RowFragment = graphql(`
  fragment ContextRow on Context {
    id
    name
    currentVersion
    rollbackState
    rollbackPointer
    agent {
      id
      name
    }
    versions(first: 1) {
      edges {
        node {
          id
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
}

/** One context: whose it is, where it stands, and what was written last. */
export function ContextRow({ project, context: masked }: ContextRowProps) {
  const { id, name, agent, currentVersion, rollbackState, rollbackPointer, versions } = readFragment(
    RowFragment,
    masked,
  );
  const last = versions.edges[0]?.node;
  return (
    <tr className="border-t border-line">
      <td className="max-w-72 px-4 py-2.5">
        <Link
          href={routes.context(project, id)}
          prefetch={false}
          className="block truncate font-[550] hover:text-accent hover:underline"
        >
          {name}
        </Link>
      </td>
      <td className="px-4 py-2.5 whitespace-nowrap">
        {agent ? (
          <Link href={routes.agent(project, agent.id)} prefetch={false} className="hover:text-accent hover:underline">
            {agent.name}
          </Link>
        ) : (
          <span className="text-muted">shared</span>
        )}
      </td>
      <td className="px-4 py-2.5 text-right whitespace-nowrap tabular-nums">
        {currentVersion === 0 ? <span className="text-muted">none yet</span> : currentVersion}
      </td>
      <td className="px-4 py-2.5 whitespace-nowrap">
        {rollbackState === null ? (
          <span className="text-faint">never rolled back</span>
        ) : (
          <span className="inline-flex items-baseline gap-2">
            <RollbackStateBadge state={rollbackState} />
            <span className="text-muted tabular-nums">to {rollbackPointer}</span>
          </span>
        )}
      </td>
      <td className="w-full max-w-0 min-w-64 px-4 py-2.5">
        {last ? (
          <div className="flex items-baseline gap-2">
            <span className="min-w-0 truncate text-muted" title={last.message ?? undefined}>
              {last.author.name}
              {last.message !== null && `: ${last.message}`}
            </span>
            <span className="ml-auto shrink-0 text-faint">
              <Ago at={last.createdAt} />
            </span>
          </div>
        ) : (
          <span className="text-faint">nothing written yet</span>
        )}
      </td>
    </tr>
  );
}
