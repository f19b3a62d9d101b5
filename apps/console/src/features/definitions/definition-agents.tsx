"use client";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import { Card } from "#components/card.tsx";
import { Empty } from "#components/notice.tsx";
import { numberText } from "#components/number-text.ts";
import { ListFoot } from "#components/list-foot.tsx";
import { ListHead } from "#components/list-head.tsx";
import { QueryState } from "#components/query-state.tsx";
import { SelectField } from "#components/select-field.tsx";
import { useLatest } from "#components/use-latest.ts";
import { DefinitionAgentRow } from "#features/definitions/definition-agent-row.tsx";
import { useDefinitionAgents } from "#features/definitions/use-definition-agents.ts";
import { type DefinitionView, type ProjectRoute, routes } from "#routes.ts";

const AgentsFragment = graphql(`
  fragment DefinitionAgents on AgentDefinition {
    id
    name
    version
    agentsByVersion(project: $of) {
      version
      agents
    }
  }
`);

const COLUMNS = [
  ["Agent", ""],
  ["State", ""],
  ["Version", ""],
] as const;

interface DefinitionAgentsProps {
  readonly project: ProjectRoute;
  readonly slug: string;
  readonly view: DefinitionView;
  /** Null until it has been read: its agents are read meanwhile. */
  readonly definition: FragmentType<typeof AgentsFragment> | null;
  readonly permissions: readonly string[];
}

/** The project's agents of a definition: who has which version, and the way to the newest one. */
export function DefinitionAgents({ project, slug, view, definition: masked, permissions }: DefinitionAgentsProps) {
  const definition = readFragment(AgentsFragment, masked);
  const { data, error } = useDefinitionAgents(project, slug, view);
  const shown = useLatest(data, data !== undefined);
  if (definition === null) return null;
  const { id, name, version: newest, agentsByVersion } = definition;
  const address = (change: DefinitionView) =>
    routes.definition(project, slug, { tab: "agents", version: view.version, ...change });
  const options: Record<string, string> = { all: "All versions" };
  for (const { version, agents } of agentsByVersion) {
    options[`v${version}`] = `Version ${version} (${numberText(agents)})${version < newest ? ", behind" : ""}`;
  }
  const chosen = view.version === undefined ? "all" : `v${view.version}`;
  if (!(chosen in options)) options[chosen] = `Version ${view.version ?? ""} (0)`;
  return (
    <div className="grid grid-cols-1 gap-3">
      <div className="flex flex-wrap items-center gap-3">
        <SelectField
          label="Which version"
          labelHidden
          options={options}
          value={chosen}
          onChange={(value) => {
            const version = value === "all" ? undefined : value.slice(1);
            window.history.replaceState(null, "", address({ version, after: undefined, before: undefined }));
          }}
        />
        {agentsByVersion.some(({ version }) => version < newest) && (
          <p className="text-muted">
            An agent keeps its version until it is updated: one at a time, so that you see how each gets on.
          </p>
        )}
      </div>
      <QueryState data={shown} error={error}>
        {({ project: found }) => {
          if (!found) return null;
          const { edges } = found.agents;
          if (edges.length === 0) {
            return (
              <Card>
                <Empty title={view.version === undefined ? `No agent is a ${name}` : "No agent has this version"}>
                  {view.version === undefined
                    ? "Register one above: it gets the newest version, and a key for its process."
                    : "Choose another version to see who has it."}
                </Empty>
              </Card>
            );
          }
          return (
            <>
              <Card className="relative overflow-x-auto" aria-busy={data === undefined}>
                <table aria-label="Agents" className="w-full text-left">
                  <ListHead columns={COLUMNS} actions="Update" />
                  <tbody>
                    {edges.map(({ node }) => (
                      <DefinitionAgentRow
                        key={node.id}
                        project={project}
                        definitionId={id}
                        newest={newest}
                        agent={node}
                        mayUpdate={permissions.includes("agent.update")}
                      />
                    ))}
                  </tbody>
                </table>
              </Card>
              <ListFoot one="agent" list={found.agents} hrefOf={address} />
            </>
          );
        }}
      </QueryState>
    </div>
  );
}
