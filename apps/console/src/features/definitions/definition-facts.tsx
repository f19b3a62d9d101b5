import type { ReactNode } from "react";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import { Card } from "#components/card.tsx";
import { Tag } from "#components/tag.tsx";
import { Ago } from "#components/time.tsx";
import { VersionCounts } from "#features/definitions/version-counts.tsx";
import type { ProjectRoute } from "#routes.ts";

const FactsFragment = graphql(`
  fragment DefinitionFacts on AgentDefinition {
    id
    slug
    type
    capabilities
    version
    enabled
    shared
    createdAt
    updatedAt
    agentsByVersion(project: $of) {
      version
      agents
    }
  }
`);

interface DefinitionFactsProps {
  readonly project: ProjectRoute;
  readonly definition: FragmentType<typeof FactsFragment>;
}

/** What there is to know about a definition at a glance. */
export function DefinitionFacts({ project, definition: masked }: DefinitionFactsProps) {
  const definition = readFragment(FactsFragment, masked);
  const { slug, type, capabilities, version, enabled, shared, createdAt, updatedAt, agentsByVersion } = definition;
  return (
    <Card className="px-4 py-3">
      <dl className="grid gap-3">
        <Fact name="Agents">
          <VersionCounts project={project} slug={slug} newest={version} counts={agentsByVersion} />
        </Fact>
        <Fact name="Capabilities">
          <span className="flex flex-wrap gap-1">
            {capabilities.length === 0 && <span className="text-faint">none</span>}
            {capabilities.map((capability) => (
              <Tag key={capability}>{capability}</Tag>
            ))}
          </span>
        </Fact>
        <Fact name="Type">{type}</Fact>
        <Fact name="Newest version">
          {version}, changed <Ago at={updatedAt} />
        </Fact>
        <Fact name="New agents">{enabled ? "can be registered" : "cannot be registered: it is disabled"}</Fact>
        <Fact name="Available in">{shared ? "every workspace" : "this workspace"}</Fact>
        <Fact name="Registered">
          <Ago at={createdAt} />
        </Fact>
      </dl>
    </Card>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt className="text-sm text-faint">{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
