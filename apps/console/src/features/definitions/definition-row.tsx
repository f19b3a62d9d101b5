import Link from "next/link";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import { Tag } from "#components/tag.tsx";
import { Ago } from "#components/time.tsx";
import { VersionCounts } from "#features/definitions/version-counts.tsx";
import { type ProjectRoute, routes } from "#routes.ts";

const RowFragment = graphql(`
  fragment DefinitionRow on AgentDefinition {
    id
    slug
    name
    type
    capabilities
    version
    enabled
    shared
    updatedAt
    agentsByVersion(project: $of) {
      version
      agents
    }
  }
`);

interface DefinitionRowProps {
  readonly project: ProjectRoute;
  readonly definition: FragmentType<typeof RowFragment>;
}

/** One definition: what its agents can do, its newest version, and who has which. */
export function DefinitionRow({ project, definition: masked }: DefinitionRowProps) {
  const definition = readFragment(RowFragment, masked);
  const { slug, name, type, capabilities, version, enabled, shared, updatedAt, agentsByVersion } = definition;
  return (
    <tr className="border-t border-line align-top">
      <td className="w-1/4 max-w-0 min-w-40 px-4 py-2.5 sm:min-w-52">
        <div className="flex items-baseline gap-2">
          <Link
            href={routes.definition(project, slug)}
            prefetch={false}
            className="truncate font-[550] hover:text-accent hover:underline"
          >
            {name}
          </Link>
          {!enabled && <Tag>disabled</Tag>}
        </div>
        <div className="truncate font-mono text-xs leading-5 text-faint">{slug}</div>
      </td>
      <td className="hidden px-4 py-2.5 whitespace-nowrap text-muted md:table-cell">{type}</td>
      <td className="hidden w-1/4 px-4 py-2.5 lg:table-cell">
        <span className="flex flex-wrap gap-1">
          {capabilities.slice(0, 6).map((capability) => (
            <Tag key={capability}>{capability}</Tag>
          ))}
          {capabilities.length > 6 && (
            <span title={capabilities.slice(6).join(", ")} className="text-sm text-faint">
              and {capabilities.length - 6} more
            </span>
          )}
        </span>
      </td>
      <td className="hidden px-4 py-2.5 whitespace-nowrap sm:table-cell">
        <div className="tabular-nums">{version}</div>
        <div className="text-sm text-faint">
          <Ago at={updatedAt} />
        </div>
      </td>
      <td className="px-4 py-2.5">
        <VersionCounts project={project} slug={slug} newest={version} counts={agentsByVersion} />
      </td>
      <td className="hidden px-4 py-2.5 whitespace-nowrap text-muted sm:table-cell">
        {shared ? "everywhere" : "this workspace"}
      </td>
    </tr>
  );
}
