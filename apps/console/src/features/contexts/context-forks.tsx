"use client";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import { numberText } from "#components/number-text.ts";
import { FactLink } from "#features/contexts/context-header.tsx";
import { useContextView, ViewLink } from "#features/contexts/context-view.tsx";
import { routes } from "#routes.ts";

const ForksFragment = graphql(`
  fragment ContextForks on Context {
    id
    currentVersion
    forkedFrom {
      id
      number
      context {
        id
        name
      }
    }
    forks(first: 5) {
      totalCount
      edges {
        node {
          id
          name
        }
      }
    }
  }
`);

/** Which context it was started from, and which ones from it. */
export function ContextForks({ context }: { readonly context: FragmentType<typeof ForksFragment> }) {
  const { project } = useContextView();
  const { currentVersion, forkedFrom: origin, forks } = readFragment(ForksFragment, context);
  const more = forks.totalCount - forks.edges.length;
  return (
    <>
      {origin && (
        <span>
          forked from{" "}
          <FactLink href={routes.context(project, origin.context.id, { version: origin.number })}>
            {origin.context.name}, version {origin.number}
          </FactLink>{" "}
          (
          <ViewLink
            to={{ with: origin.id, version: currentVersion }}
            className="text-ink underline decoration-line-strong underline-offset-2 hover:text-accent"
          >
            compare with it
          </ViewLink>
          )
        </span>
      )}
      {forks.totalCount > 0 && (
        <span>
          forked to{" "}
          {forks.edges.map(({ node }, index) => (
            <span key={node.id}>
              {index > 0 && ", "}
              <FactLink href={routes.context(project, node.id)}>{node.name}</FactLink>
            </span>
          ))}
          {more > 0 && ` and ${numberText(more)} more`}
        </span>
      )}
    </>
  );
}
