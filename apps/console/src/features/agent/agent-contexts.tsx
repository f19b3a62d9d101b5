"use client";
import Link from "next/link";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import { Card } from "#components/card.tsx";
import { type ProjectRoute, routes } from "#routes.ts";

const ContextsFragment = graphql(`
  fragment AgentContexts on Agent {
    id
    contexts(first: 20) {
      edges {
        node {
          id
          name
        }
      }
    }
    project {
      id
      contexts(first: 20) {
        edges {
          node {
            id
            name
            agent {
              id
            }
          }
        }
      }
    }
  }
`);

interface AgentContextsProps {
  readonly agent: FragmentType<typeof ContextsFragment>;
  readonly project: ProjectRoute;
}

/** What it knows: its own contexts, and those that the project shares. */
export function AgentContexts({ agent: masked, project }: AgentContextsProps) {
  const { contexts, project: shared } = readFragment(ContextsFragment, masked);
  const all = [
    ...contexts.edges.map(({ node }) => ({ ...node, whose: "its own" })),
    ...shared.contexts.edges
      .filter(({ node }) => node.agent === null)
      .map(({ node }) => ({ ...node, whose: "shared" })),
  ];
  return (
    <Card>
      <h2 className="px-4 pt-3 font-[550]">Contexts</h2>
      {all.length === 0 && <p className="px-4 pt-1 pb-3 text-muted">It has opened none yet.</p>}
      <ul className="pb-1.5">
        {all.map(({ id, name, whose }) => (
          <li key={id}>
            <Link
              href={routes.context(project, id)}
              className="flex items-baseline justify-between gap-3 px-4 py-1.25 hover:bg-sunken"
            >
              <span className="min-w-0 truncate">{name}</span>
              <span className="shrink-0 text-faint">{whose}</span>
            </Link>
          </li>
        ))}
      </ul>
    </Card>
  );
}
