"use client";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import { numberText } from "#components/number-text.ts";
import { sizeText } from "#components/size-text.ts";
import { ContextForks } from "#features/contexts/context-forks.tsx";
import { FactLink } from "#features/contexts/context-header.tsx";
import { ContextPins } from "#features/contexts/context-pins.tsx";
import { useContextView } from "#features/contexts/context-view.tsx";
import { routes } from "#routes.ts";

export const ContextFactsFragment = graphql(`
  fragment ContextFacts on Context {
    id
    keepVersions
    prunedThrough
    storedBytes
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
    project {
      id
      workspace {
        id
        keepContextVersions
      }
    }
    ...ContextPins
    ...ContextForks
  }
`);

/** More names than these are only counted. */
const MOST_NAMES = 5;

/** Whose it is, who uses it, what is kept of it, and where else it goes on. */
export function ContextFacts({ context: masked }: { readonly context: FragmentType<typeof ContextFactsFragment> }) {
  const { project } = useContextView();
  const context = readFragment(ContextFactsFragment, masked);
  const { agent, readers, keepVersions, prunedThrough, storedBytes } = context;
  const kept = keepVersions ?? context.project.workspace.keepContextVersions;
  const named = readers.length <= MOST_NAMES ? readers : [];
  return (
    <div className="flex flex-wrap items-baseline gap-x-4 gap-y-1 text-muted">
      {agent ? (
        <span>
          memory of <FactLink href={routes.agent(project, agent.id)}>{agent.name}</FactLink>
        </span>
      ) : (
        <span>
          shared in the project
          {readers.length === 0
            ? ", used by no agent yet"
            : `, used by ${numberText(readers.length)} ${readers.length === 1 ? "agent" : "agents"}${named.length > 0 ? ": " : ""}`}
          {named.map((reader, index) => (
            <span key={reader.agent.id}>
              {index > 0 && ", "}
              <FactLink href={routes.agent(project, reader.agent.id)}>{reader.agent.name}</FactLink>
            </span>
          ))}
        </span>
      )}
      <span className="tabular-nums">
        {sizeText(storedBytes)} stored,{" "}
        {kept === null ? "all versions keep their data" : `the newest ${numberText(kept)} keep their data`}
        {prunedThrough > 0 && (
          <span title="Their records and hashes are kept, so the chain still verifies. Pinned versions, and those that a rollback went back to, have their data.">
            ; data up to version {numberText(prunedThrough)} was removed
          </span>
        )}
      </span>
      <ContextPins context={context} />
      <ContextForks context={context} />
    </div>
  );
}
