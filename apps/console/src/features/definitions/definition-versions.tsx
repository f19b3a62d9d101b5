"use client";
import Link from "next/link";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import { Card } from "#components/card.tsx";
import { ListHead } from "#components/list-head.tsx";
import { Pager } from "#components/pager.tsx";
import { comparedVersions } from "#features/definitions/definition-view.ts";
import { VersionComparison } from "#features/definitions/version-comparison.tsx";
import { VersionRow } from "#features/definitions/version-row.tsx";
import { type ProjectRoute, routes } from "#routes.ts";

const VersionsFragment = graphql(`
  fragment DefinitionVersions on AgentDefinition {
    id
    slug
    version
    versions(first: 50, after: $versionsAfter) {
      edges {
        node {
          number
          ...DefinitionVersionRow
        }
      }
      pageInfo {
        hasNextPage
        hasPreviousPage
        endCursor
      }
    }
  }
`);

/** Each with what a narrow window does with it. */
const COLUMNS = [
  ["Version", ""],
  ["Added", ""],
  ["Capabilities", "hidden md:table-cell"],
  ["Agents", ""],
  ["Compare", "text-right"],
] as const;

interface DefinitionVersionsProps {
  readonly project: ProjectRoute;
  /** What the address says: "2..5". */
  readonly compare: string | undefined;
  readonly definition: FragmentType<typeof VersionsFragment>;
}

/** The versions of a definition, newest first, of which any two can be compared. */
export function DefinitionVersions({ project, compare, definition: masked }: DefinitionVersionsProps) {
  const { id, slug, version: newest, versions } = readFragment(VersionsFragment, masked);
  const pair = comparedVersions(compare);
  const address = (from: number, to: number) =>
    routes.definition(project, slug, { tab: "versions", compare: `${Math.min(from, to)}..${Math.max(from, to)}` });
  const { edges, pageInfo } = versions;
  return (
    <div className="grid grid-cols-1 gap-4">
      {pair && (
        <VersionComparison
          key={pair.join("..")}
          definitionId={id}
          from={pair[0]}
          to={pair[1]}
          newest={newest}
          onChoose={(from, to) => window.history.replaceState(null, "", address(from, to))}
          close={routes.definition(project, slug, { tab: "versions" })}
        />
      )}
      <Card className="relative overflow-x-auto">
        <table aria-label="Versions" className="w-full text-left">
          <ListHead columns={COLUMNS} />
          <tbody>
            {edges.map(({ node }) => (
              <VersionRow
                key={node.number}
                project={project}
                slug={slug}
                version={node}
                newest={newest}
                compared={pair?.includes(node.number) ?? false}
              />
            ))}
          </tbody>
        </table>
      </Card>
      <div className="flex justify-end">
        <Pager
          previous={pageInfo.hasPreviousPage ? routes.definition(project, slug, { tab: "versions" }) : undefined}
          next={
            pageInfo.hasNextPage
              ? routes.definition(project, slug, { tab: "versions", after: pageInfo.endCursor ?? undefined })
              : undefined
          }
        />
      </div>
      {newest === 1 && (
        <p className="text-muted">
          There is one version. Another one is added when type, capabilities, config schema or metadata change; agents
          keep the one that they have until they are{" "}
          <Link
            href={routes.definition(project, slug, { tab: "agents" })}
            prefetch={false}
            className="text-accent underline"
          >
            updated
          </Link>
          .
        </p>
      )}
    </div>
  );
}
