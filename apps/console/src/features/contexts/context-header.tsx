"use client";
import Link from "next/link";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import { CopyableId } from "#components/copyable-id.tsx";
import { useContextView } from "#features/contexts/context-view.tsx";
import { RollbackStateBadge } from "#features/contexts/rollback-states.tsx";
import { routes } from "#routes.ts";

const HeaderFragment = graphql(`
  fragment ContextHeader on Context {
    id
    name
    currentVersion
    rollbackState
    rollbackPointer
    agent {
      id
      name
    }
    readers {
      agent {
        id
        name
      }
    }
  }
`);

/** More names than these are only counted. */
const MOST_NAMES = 5;

/** What it is, whose, and where it stands. */
export function ContextHeader({ context: masked }: { readonly context: FragmentType<typeof HeaderFragment> }) {
  const { project } = useContextView();
  const { id, name, currentVersion, rollbackState, rollbackPointer, agent, readers } = readFragment(
    HeaderFragment,
    masked,
  );
  const named = readers.length <= MOST_NAMES ? readers : [];
  return (
    <header className="grid gap-1">
      <div className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
        <h1 className="text-xl font-semibold tracking-tight break-all">{name}</h1>
        <span className="text-muted tabular-nums">
          {currentVersion === 0 ? "no version yet" : `version ${currentVersion}`}
        </span>
        {rollbackState !== null && (
          <span className="inline-flex items-baseline gap-2 text-muted">
            <span className="tabular-nums">rolled back to {rollbackPointer}</span>
            <RollbackStateBadge state={rollbackState} />
          </span>
        )}
      </div>
      <p className="flex flex-wrap items-baseline gap-x-2 text-muted">
        {agent ? (
          <span>
            memory of{" "}
            <Link
              href={routes.agent(project, agent.id)}
              className="text-ink underline decoration-line-strong underline-offset-2 hover:text-accent"
            >
              {agent.name}
            </Link>
          </span>
        ) : (
          <span>
            shared in the project
            {readers.length === 0
              ? ", used by no agent yet"
              : `, used by ${readers.length} ${readers.length === 1 ? "agent" : "agents"}${named.length > 0 ? ": " : ""}`}
            {named.map((reader, index) => (
              <span key={reader.agent.id}>
                {index > 0 && ", "}
                <Link
                  href={routes.agent(project, reader.agent.id)}
                  className="text-ink underline decoration-line-strong underline-offset-2 hover:text-accent"
                >
                  {reader.agent.name}
                </Link>
              </span>
            ))}
          </span>
        )}
        <CopyableId id={id} short />
      </p>
    </header>
  );
}
