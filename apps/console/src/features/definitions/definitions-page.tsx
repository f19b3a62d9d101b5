"use client";
import { useSearchParams } from "next/navigation";
import { pageViewOf } from "#api/page-view.ts";
import { Card } from "#components/card.tsx";
import { CopyButton } from "#components/copy-button.tsx";
import { Empty } from "#components/notice.tsx";
import { ListFoot } from "#components/list-foot.tsx";
import { ListHead } from "#components/list-head.tsx";
import { QueryState } from "#components/query-state.tsx";
import { useLatest } from "#components/use-latest.ts";
import { DefinitionRow } from "#features/definitions/definition-row.tsx";
import { useDefinitions } from "#features/definitions/use-definitions.ts";
import { type ProjectRoute, routes } from "#routes.ts";

/** Each with what a narrow window does with it. */
const COLUMNS = [
  ["Definition", ""],
  ["Type", "hidden md:table-cell"],
  ["Capabilities", "hidden lg:table-cell"],
  ["Newest version", "hidden sm:table-cell"],
  ["Agents by version", ""],
  ["Available in", "hidden sm:table-cell"],
] as const;

const REGISTER = `mutation {
  registerDefinition(input: { slug: "my-agent", name: "My agent", type: "worker", capabilities: ["work"] }) {
    ... on RegisterDefinitionSuccess { data { slug version } }
    ... on Error { message }
  }
}`;

/** What agents of the project can be, and who is which version. */
export function DefinitionsPage({ project }: { readonly project: ProjectRoute }) {
  const { data, error } = useDefinitions(project, pageViewOf(useSearchParams()));
  const shown = useLatest(data, data !== undefined);
  return (
    <div className="grid grid-cols-1 gap-4">
      <div>
        <h1 className="text-xl font-semibold tracking-tight">Definitions</h1>
        <p className="mt-0.5 text-muted">What agents can be: what they can do, and how they are configured.</p>
      </div>
      <QueryState data={shown} error={error}>
        {({ project: found }) => {
          if (!found) return null;
          const { edges } = found.definitions;
          if (edges.length === 0)
            return (
              <Card>
                <NoDefinitions project={project} />
              </Card>
            );
          return (
            <>
              <Card className="relative overflow-x-auto" aria-busy={data === undefined}>
                <table className="w-full text-left" aria-label="Definitions">
                  <ListHead columns={COLUMNS} />
                  <tbody>
                    {edges.map(({ node }) => (
                      <DefinitionRow key={node.id} project={project} definition={node} />
                    ))}
                  </tbody>
                </table>
              </Card>
              <ListFoot
                one="definition"
                list={found.definitions}
                hrefOf={(page) => routes.definitions(project, page)}
              />
            </>
          );
        }}
      </QueryState>
    </div>
  );
}

function NoDefinitions({ project }: { readonly project: ProjectRoute }) {
  return (
    <Empty title="There is no definition yet">
      <p>
        A definition says what an agent is: its type, what it can do, and the schema of its configuration. An agent
        package registers its own when it starts; you can register one with a mutation, in the{" "}
        <a href={routes.explorer(project)} className="text-accent underline">
          explorer
        </a>
        .
      </p>
      <pre className="mt-3 overflow-x-auto rounded-md bg-sunken p-3 text-left font-mono text-xs leading-5">
        {REGISTER}
      </pre>
      <div className="mt-3">
        <CopyButton text={() => REGISTER} />
      </div>
    </Empty>
  );
}
