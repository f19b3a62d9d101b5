"use client";
import Link from "next/link";
import { Card } from "#components/card.tsx";
import { Empty } from "#components/notice.tsx";
import { numberText } from "#components/number-text.ts";
import { QueryState } from "#components/query-state.tsx";
import { ContextRow } from "#features/agent/contexts/context-row.tsx";
import { ownReading, sharedReading } from "#features/agent/contexts/readings.ts";
import { useAgentContexts } from "#features/agent/contexts/use-agent-contexts.ts";
import { TEXT_LINK } from "#features/agent/text-link.ts";
import { type ProjectRoute, routes } from "#routes.ts";

/** Each with what a narrow window does with it. */
const COLUMNS = [
  ["Context", ""],
  ["Version it has", ""],
  ["Last rollback", "hidden lg:table-cell"],
  ["Written last", "hidden sm:table-cell"],
] as const;

interface ContextsTabProps {
  readonly project: ProjectRoute;
  readonly agent: { readonly id: string; readonly version: number };
}

/** What the agent remembers: its own contexts and the shared ones that it uses, and which version of each it has. */
export default function ContextsTab({ project, agent }: ContextsTabProps) {
  const { data, error } = useAgentContexts(agent);
  return (
    <section aria-label="Contexts" className="grid grid-cols-[minmax(0,1fr)] gap-3">
      <QueryState data={data} error={error}>
        {({ node }) => {
          if (node?.__typename !== "Agent") return null;
          const own = node.contexts.edges.map((edge) => edge.node);
          const shared = node.readContexts.edges.map((edge) => edge.node);
          const more = restOf(node.contexts) + restOf(node.readContexts);
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
                    {shared.map((reading) => (
                      <ContextRow
                        key={reading.context.id}
                        project={project}
                        context={reading.context}
                        whose="shared"
                        reading={sharedReading(reading)}
                      />
                    ))}
                  </tbody>
                </table>
              )}
              {more > 0 && (
                <p className="border-t border-line px-4 py-2 text-muted tabular-nums">
                  and {numberText(more)} more: see its own under{" "}
                  <Link href={routes.contexts(project, { agent: agent.id })} className={TEXT_LINK}>
                    Contexts
                  </Link>
                </p>
              )}
            </Card>
          );
        }}
      </QueryState>
    </section>
  );
}

function restOf({ totalCount, edges }: { readonly totalCount: number; readonly edges: readonly unknown[] }): number {
  return Math.max(0, totalCount - edges.length);
}
