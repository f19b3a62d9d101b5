"use client";
import Link from "next/link";
import { useState } from "react";
import { readFragment } from "#api/generated/fragment-masking.ts";
import type { AgentState } from "#api/generated/graphql.ts";
import { Button } from "#components/button.tsx";
import { QueryState } from "#components/query-state.tsx";
import type { AgentSettings } from "#features/agent/config/agent-settings.ts";
import { ConfigEdit } from "#features/agent/config/config-edit.tsx";
import { ConfigView } from "#features/agent/config/config-view.tsx";
import { SettingsFragment, useAgentConfig } from "#features/agent/config/use-agent-config.ts";
import { TEXT_LINK } from "#features/agent/text-link.ts";
import { type ProjectRoute, routes } from "#routes.ts";

const AT_WORK: readonly AgentState[] = ["ONLINE", "IDLE", "BUSY"];

interface ConfigTabProps {
  readonly project: ProjectRoute;
  readonly agent: { readonly id: string; readonly definitionVersion: number };
  readonly permissions: readonly string[];
}

interface Editing {
  readonly base: AgentSettings;
  readonly start: AgentSettings;
  readonly configVersion: number;
  readonly round: number;
}

/** What people may change of the agent: to read, and to change after the difference was seen. */
export default function ConfigTab({ project, agent: { id, definitionVersion }, permissions }: ConfigTabProps) {
  const { data, error } = useAgentConfig(id, definitionVersion);
  const [editing, setEditing] = useState<Editing | null>(null);
  const mayChange = permissions.includes("agent.update");
  return (
    <section aria-label="Config" className="grid grid-cols-[minmax(0,1fr)] gap-3">
      <QueryState data={data} error={error}>
        {({ node }) => {
          if (node?.__typename !== "Agent") return null;
          const agent = readFragment(SettingsFragment, node);
          const { name, maxConcurrency, labels, config, configVersion, definition } = agent;
          const schema: unknown = node.definition.edition?.configSchema ?? null;
          const now: AgentSettings = { name, maxConcurrency, labels, config };
          const begin = (start: AgentSettings) =>
            setEditing({ base: now, start, configVersion, round: (editing?.round ?? 0) + 1 });
          if (editing !== null) {
            return (
              <ConfigEdit
                key={editing.round}
                agentId={id}
                base={editing.base}
                start={editing.start}
                configVersion={editing.configVersion}
                now={now}
                schema={schema}
                onClose={() => setEditing(null)}
                onRebase={begin}
              />
            );
          }
          const connectedAt = node.connected.edges[0]?.node.at;
          const since = node.bundles.edges.find(
            ({ node: bundle }) => bundle.changes.includes("CONFIG") && connectedAt && bundle.createdAt > connectedAt,
          );
          return (
            <>
              <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
                <p className="text-muted">
                  Version {configVersion} of its config.{" "}
                  <Link
                    href={routes.definition(project, definition.slug)}
                    prefetch={false}
                    className={`text-accent ${TEXT_LINK}`}
                  >
                    What {definition.name} can be set to
                  </Link>
                </p>
                <Button
                  disabled={!mayChange}
                  title={mayChange ? undefined : "You may look, but not change agents."}
                  onClick={() => begin(now)}
                >
                  Edit
                </Button>
              </div>
              {since && AT_WORK.includes(node.state) && (
                <p className="rounded-lg border border-line bg-warning-soft px-4 py-2.5 text-warning">
                  The config was changed after its process started, which still has the one before. Restart the agent
                  for it to be used.
                </p>
              )}
              <ConfigView agent={agent} schema={schema} />
            </>
          );
        }}
      </QueryState>
    </section>
  );
}
