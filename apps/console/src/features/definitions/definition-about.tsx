"use client";
import { useMemo, useState } from "react";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import { Card } from "#components/card.tsx";
import { Choice } from "#components/choice.tsx";
import { JsonView } from "#components/json/json-view.tsx";
import { DefinitionFacts } from "#features/definitions/definition-facts.tsx";
import { SchemaTable } from "#features/definitions/schema-table.tsx";
import { TaskKinds } from "#features/definitions/task-kinds.tsx";
import type { ProjectRoute } from "#routes.ts";

const AboutFragment = graphql(`
  fragment DefinitionAbout on AgentDefinition {
    id
    configSchema
    metadata
    ...DefinitionFacts
  }
`);

const LOOKS = { fields: "Fields", raw: "JSON Schema" } as const;

interface DefinitionAboutProps {
  readonly project: ProjectRoute;
  readonly definition: FragmentType<typeof AboutFragment>;
}

/** What a definition is: how its agents are configured, and what they do. */
export function DefinitionAbout({ project, definition: masked }: DefinitionAboutProps) {
  const definition = readFragment(AboutFragment, masked);
  const { configSchema, metadata } = definition;
  const more = useMemo(() => withoutTasks(metadata), [metadata]);
  const [look, setLook] = useState<keyof typeof LOOKS>("fields");
  return (
    <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-[minmax(0,1fr)_280px]">
      <div className="grid grid-cols-1 gap-4">
        <Card role="region" aria-label="Configuration">
          <div className="flex flex-wrap items-center justify-between gap-2 border-b border-line px-4 py-2.5">
            <h2 className="font-semibold">Configuration</h2>
            <Choice label="Show the schema as" options={LOOKS} value={look} onChange={setLook} />
          </div>
          {look === "raw" ? (
            <JsonView value={configSchema} label="JSON Schema" />
          ) : (
            <SchemaTable schema={configSchema} label="Configuration" />
          )}
        </Card>
        <TaskKinds metadata={metadata} />
        {Object.keys(more).length > 0 && (
          <Card role="region" aria-label="Other metadata">
            <h2 className="border-b border-line px-4 py-2.5 font-semibold">Other metadata</h2>
            <JsonView value={more} label="Other metadata" />
          </Card>
        )}
      </div>
      <DefinitionFacts project={project} definition={definition} />
    </div>
  );
}

/** What metadata says besides what tasks there are. */
function withoutTasks(metadata: unknown): Readonly<Record<string, unknown>> {
  if (typeof metadata !== "object" || metadata === null || Array.isArray(metadata)) return {};
  return Object.fromEntries(Object.entries(metadata).filter(([name]) => name !== "tasks"));
}
