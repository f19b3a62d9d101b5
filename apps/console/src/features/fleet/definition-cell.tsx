import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import { Tag } from "#components/tag.tsx";

const DefinitionFragment = graphql(`
  fragment FleetDefinition on Agent {
    definitionVersion
    capabilities
    definition {
      id
      name
      description
    }
  }
`);

/** What an agent is: its definition, what that does, and what it can be asked for. */
export function DefinitionCell({ agent }: { readonly agent: FragmentType<typeof DefinitionFragment> }) {
  const { definition, definitionVersion, capabilities } = readFragment(DefinitionFragment, agent);
  return (
    <>
      {/* Tags that do not fit go to a second line, which is not shown. */}
      <div className="flex h-5 flex-wrap items-center gap-x-1.5 gap-y-2 overflow-hidden">
        <span className="max-w-full truncate leading-5" title={definition.name}>
          {definition.name} <span className="text-faint tabular-nums">v{definitionVersion}</span>
        </span>
        {capabilities.map((capability) => (
          <Tag key={capability}>{capability}</Tag>
        ))}
      </div>
      {definition.description !== null && (
        <div className="truncate text-sm text-muted" title={definition.description}>
          {definition.description}
        </div>
      )}
    </>
  );
}
