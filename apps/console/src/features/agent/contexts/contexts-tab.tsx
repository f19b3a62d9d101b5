"use client";
import { Card } from "#components/card.tsx";
import { Empty } from "#components/notice.tsx";
import { QueryState } from "#components/query-state.tsx";
import { ContextRow } from "#features/agent/contexts/context-row.tsx";
import { ownReading, sharedReading } from "#features/agent/contexts/readings.ts";
import { useAgentContexts } from "#features/agent/contexts/use-agent-contexts.ts";
import type { ProjectRoute } from "#routes.ts";

/** Each with what a narrow window does with it. */
const COLUMNS = [
  ["Context", ""],
  ["Version it has", ""],
  ["Last rollback", "hidden lg:table-cell"],
  ["Written last", "hidden sm:table-cell"],
] as const;

/** In a larger fleet nobody asks for all readers of a shared context. */
const FEW_AGENTS = 200;

interface ContextsTabProps {
  readonly project: ProjectRoute;
  readonly agent: { readonly id: string; readonly bundle: number; readonly version: number };
  readonly fleetSize: number;
}

/** What the agent remembers: its own contexts and the shared ones that it uses, and which version of each it has. */
export default function ContextsTab({ project, agent, fleetSize }: ContextsTabProps) {
  const few = fleetSize <= FEW_AGENTS;
  const { data, error } = useAgentContexts({ ...agent, few });
  return (
    <section aria-label="Contexts" className="grid grid-cols-[minmax(0,1fr)] gap-3">
      <QueryState data={data} error={error}>
        {({ node }) => {
          if (node?.__typename !== "Agent") return null;
          const own = node.contexts.edges.map((edge) => edge.node);
          const shared = node.rollbackPreview.sharedContexts;
          return (
            <Card className="overflow-x-auto">
              {own.length + shared.length === 0 ? (
                <Empty title="It uses no context yet">
                  A context is what agents remember, with every version of it. It has one as soon as its process opens
                  it by name, with <code className="font-mono text-sm">contexts.open("plan")</code>; a shared one, as
                  soon as it reads it.
                </Empty>
              ) : (
                <table className="w-full text-left">
                  <thead>
                    <tr>
                      {COLUMNS.map(([name, look]) => (
                        <th key={name} scope="col" className={`px-4 py-2 text-sm font-medium text-faint ${look}`}>
                          {name}
                        </th>
                      ))}
                    </tr>
                  </thead>
                  <tbody>
                    {own.map((context) => (
                      <ContextRow
                        key={context.id}
                        project={project}
                        context={context}
                        whose="its own"
                        reading={ownReading(agent.id, context)}
                      />
                    ))}
                    {shared.map((context) => (
                      <ContextRow
                        key={context.id}
                        project={project}
                        context={context}
                        whose="shared"
                        reading={sharedReading(agent.id, context)}
                      />
                    ))}
                  </tbody>
                </table>
              )}
            </Card>
          );
        }}
      </QueryState>
    </section>
  );
}
