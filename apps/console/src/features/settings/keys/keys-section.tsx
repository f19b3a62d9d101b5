"use client";
import dynamic from "next/dynamic";
import { useState } from "react";
import type { ApiKeyState } from "#api/generated/graphql.ts";
import { useInstallationPermissions } from "#api/use-permissions.ts";
import { Button } from "#components/button.tsx";
import { Choice } from "#components/choice.tsx";
import { SearchBox } from "#components/search-box.tsx";
import { SelectField } from "#components/select-field.tsx";
import { Allowed } from "#features/settings/allowed.tsx";
import { AgentKeys } from "#features/settings/keys/agent-keys.tsx";
import { ApiKeys } from "#features/settings/keys/api-keys.tsx";
import { KEY_STATE_WORDS } from "#features/settings/keys/key-words.ts";
import { useSettingsView } from "#features/settings/settings-view.ts";
import { useHere } from "#features/settings/use-here.ts";
import { projectPath, type ProjectRoute } from "#routes.ts";

const CreateKeyDialog = dynamic(() =>
  import("#features/settings/keys/create-key-dialog.tsx").then((module) => module.CreateKeyDialog),
);

/** The keys with which programs and agents speak. */
export function KeysSection({ project }: { readonly project: ProjectRoute }) {
  return (
    <Allowed project={project} permission="key.read" to="see the keys of this workspace">
      {(permissions) => <Keys project={project} permissions={permissions} />}
    </Allowed>
  );
}

const LISTS: Readonly<Record<string, string>> = { workspace: "This workspace", agents: "By agent" };
const ALL = { installation: "Whole installation" };

interface KeysProps {
  readonly project: ProjectRoute;
  readonly permissions: readonly string[];
}

function Keys({ project, permissions }: KeysProps) {
  const { view, change } = useSettingsView(project, "keys");
  const known = useHere(project);
  const [creating, setCreating] = useState(false);
  const locked = permissions.includes("key.manage")
    ? null
    : "Your role may not make or end keys: key.manage is needed.";
  const everywhere = useInstallationPermissions()?.includes("key.manage") ?? false;
  const of = view.of === "agents" || (view.of === "installation" && everywhere) ? view.of : "workspace";
  return (
    <div className="grid grid-cols-1 gap-4">
      <div className="flex flex-wrap items-start justify-between gap-3">
        <div className="flex flex-wrap items-center gap-2">
          <Choice
            label="Whose keys"
            options={everywhere ? { ...LISTS, ...ALL } : LISTS}
            value={of}
            onChange={(next) =>
              change({
                of: next === "workspace" ? undefined : next,
                search: undefined,
                in: undefined,
                state: undefined,
              })
            }
          />
          {of !== "agents" && (
            <>
              <div className="w-56">
                <SearchBox
                  label="Search keys"
                  placeholder="Name or prefix"
                  value={view.search ?? ""}
                  onSearch={(search) => change({ search: search || undefined })}
                />
              </div>
              <div className="w-32">
                <SelectField<ApiKeyState | "">
                  label="State"
                  labelHidden
                  options={{ "": "Any state", ...KEY_STATE_WORDS }}
                  value={(view.state ?? "") as ApiKeyState | ""}
                  onChange={(state) => change({ state: state || undefined })}
                />
              </div>
              {of === "workspace" && (
                <div className="w-48">
                  <SelectField
                    label="Where"
                    labelHidden
                    options={{ "": `All of ${project.workspace}`, project: `Only ${projectPath(project)}` }}
                    value={view.in === "project" ? "project" : ""}
                    onChange={(place) => change({ in: place || undefined })}
                  />
                </div>
              )}
            </>
          )}
        </div>
        <Button
          look="primary"
          disabled={locked !== null || !known}
          title={locked ?? undefined}
          onClick={() => setCreating(true)}
        >
          Create key
        </Button>
      </div>
      {of === "agents" ? (
        <AgentKeys project={project} />
      ) : (
        known && <ApiKeys project={project} projectId={known.here.projectId} view={{ ...view, of }} />
      )}
      {creating && known && <CreateKeyDialog project={project} here={known.here} onClose={() => setCreating(false)} />}
    </div>
  );
}
