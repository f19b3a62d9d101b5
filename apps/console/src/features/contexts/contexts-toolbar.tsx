"use client";
import { useQuery } from "urql";
import { graphql } from "#api/generated/gql.ts";
import { Chip } from "#components/chip.tsx";
import { SearchBox } from "#components/search-box.tsx";
import { AgentField } from "#features/contexts/agent-field.tsx";
import { type ContextsFilter, ROLLBACK_FILTERS, type RollbackFilter } from "#features/contexts/contexts-filter.ts";
import type { ProjectRoute } from "#routes.ts";

const NameQuery = graphql(`
  query FilteredAgent($id: ID!) {
    node(id: $id) {
      __typename
      id
      ... on Agent {
        name
      }
    }
  }
`);

interface ContextsToolbarProps {
  readonly project: ProjectRoute;
  readonly filter: ContextsFilter;
  readonly onChange: (filter: ContextsFilter) => void;
}

/** Narrows the list: by name, by whose they are, and by how the last rollback stands. */
export function ContextsToolbar({ project, filter, onChange }: ContextsToolbarProps) {
  const narrow = (changed: Partial<ContextsFilter>) => onChange({ ...filter, ...changed });
  const [{ data }] = useQuery({
    query: NameQuery,
    variables: { id: filter.agent ?? "" },
    pause: filter.agent === undefined,
    requestPolicy: "cache-first",
  });
  const name = filter.agent === undefined ? "" : data?.node?.__typename === "Agent" ? data.node.name : null;
  return (
    <div className="flex min-w-0 grow flex-wrap items-center gap-x-3 gap-y-2">
      <div className="w-full max-w-72">
        <SearchBox
          label="Search contexts"
          placeholder="Part of the name"
          value={filter.search}
          onSearch={(search) => narrow({ search })}
        />
      </div>
      {name !== null && (
        <div className="w-full max-w-52">
          <AgentField
            key={filter.agent ?? "anybody"}
            project={project}
            label="Memory of the agent"
            labelHidden
            placeholder="Memory of: agent’s name"
            name={name}
            onAgent={(agent) => {
              if (agent !== undefined && (agent ?? undefined) !== filter.agent)
                narrow({ agent: agent ?? undefined, shared: false });
            }}
          />
        </div>
      )}
      <Chip pressed={filter.shared} onPress={() => narrow({ shared: !filter.shared, agent: undefined })}>
        Shared only
      </Chip>
      <div role="group" aria-label="Rollback" className="flex flex-wrap gap-1.5">
        {Object.entries(ROLLBACK_FILTERS).map(([each, { word }]) => (
          <Chip
            key={each}
            pressed={filter.rollback === each}
            onPress={() => narrow({ rollback: each as RollbackFilter })}
          >
            {word}
          </Chip>
        ))}
      </div>
    </div>
  );
}
