"use client";
import { type ReactNode, useState } from "react";
import type { AgentSettingsFragment } from "#api/generated/graphql.ts";
import { Card } from "#components/card.tsx";
import { Choice } from "#components/choice.tsx";
import { JsonView } from "#components/json/json-view.tsx";
import { readSchema } from "#components/schema-form/read-schema.ts";
import { Tag } from "#components/tag.tsx";
import { ConfigFields } from "#features/agent/config/config-fields.tsx";

interface ConfigViewProps {
  readonly agent: AgentSettingsFragment;
  /** What its config has to match. */
  readonly schema: unknown;
}

/** What the agent is set to, to read: by field, or as JSON. */
export function ConfigView({ agent, schema }: ConfigViewProps) {
  const [mode, setMode] = useState<"form" | "json">("form");
  const field = readSchema(schema);
  const labels = Object.entries((agent.labels ?? {}) as Record<string, string>);
  const asForm = field.kind === "group" && mode === "form";
  return (
    <>
      <Card>
        <dl className="grid gap-x-8 gap-y-3 px-4 py-3 sm:grid-cols-3">
          <Fact name="Name">{agent.name}</Fact>
          <Fact name="Tasks at once">{agent.maxConcurrency}</Fact>
          <Fact name="Labels">
            {labels.length === 0 ? (
              <span className="text-faint">none</span>
            ) : (
              <span className="flex flex-wrap gap-1">
                {labels.map(([name, value]) => (
                  <Tag key={name}>
                    {name}={value}
                  </Tag>
                ))}
              </span>
            )}
          </Fact>
        </dl>
      </Card>
      <Card className="overflow-hidden">
        <div className="flex items-center justify-between gap-3 border-b border-line px-4 py-2">
          <h2 className="font-[550]">Config</h2>
          {field.kind === "group" && (
            <Choice label="Config as" options={{ form: "Form", json: "JSON" }} value={mode} onChange={setMode} />
          )}
        </div>
        {asForm ? <ConfigFields field={field} value={agent.config} /> : <JsonView value={agent.config} />}
      </Card>
    </>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-sm text-faint">{name}</dt>
      <dd className="min-w-0 wrap-anywhere tabular-nums">{children}</dd>
    </div>
  );
}
