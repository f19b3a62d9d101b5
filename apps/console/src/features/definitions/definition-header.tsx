"use client";
import dynamic from "next/dynamic";
import { useState } from "react";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { useInstallationPermissions, useWorkspacePermissions } from "#api/use-permissions.ts";
import { Button } from "#components/button.tsx";
import { CopyableId } from "#components/copyable-id.tsx";
import { useNamedPage } from "#components/page-name.ts";
import { Tag } from "#components/tag.tsx";
import { HeaderFragment } from "#features/definitions/header-fragment.ts";
import type { RegisterFragment } from "#features/definitions/register-fragment.ts";
import type { ProjectRoute } from "#routes.ts";

/** They come when they are asked for. */
const RegisterDialog = dynamic(() =>
  import("#features/definitions/register-dialog.tsx").then((module) => module.RegisterDialog),
);
const EnableDialog = dynamic(() =>
  import("#features/definitions/enable-dialog.tsx").then((module) => module.EnableDialog),
);

interface DefinitionHeaderProps {
  readonly project: ProjectRoute;
  readonly projectId: string;
  readonly workspaceId: string;
  readonly definition: FragmentType<typeof HeaderFragment>;
  readonly registers: FragmentType<typeof RegisterFragment>;
  readonly permissions: readonly string[];
}

/** Which definition it is, and what can be done with it. */
export function DefinitionHeader(props: DefinitionHeaderProps) {
  const { project, projectId, workspaceId, registers, permissions } = props;
  const definition = readFragment(HeaderFragment, props.definition);
  const { id, name, slug, description, enabled, shared } = definition;
  useNamedPage(name);
  const [opened, setOpened] = useState<"register" | "enable" | null>(null);
  const [used, setUsed] = useState<{ register?: true; enable?: true }>({});
  const open = (what: "register" | "enable") => {
    setUsed({ ...used, [what]: true });
    setOpened(what);
  };
  const mayRegister = permissions.includes("agent.register");
  const inWorkspace = useWorkspacePermissions(project);
  const inInstallation = useInstallationPermissions();
  const mayChange = (shared ? inInstallation : inWorkspace)?.includes("definition.register") ?? false;
  return (
    <header className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
      <div className="min-w-0">
        <div className="flex flex-wrap items-baseline gap-x-2.5 gap-y-1">
          <h1 className="text-xl font-semibold tracking-tight">{name}</h1>
          <span className="font-mono text-sm text-muted">{slug}</span>
          {!enabled && <Tag>disabled</Tag>}
          {shared && <Tag>shared</Tag>}
        </div>
        {description !== null && <p className="mt-0.5 max-w-prose text-muted">{description}</p>}
        <CopyableId id={id} />
      </div>
      <div className="flex flex-wrap gap-2">
        <Button
          disabled={!mayChange}
          title={mayChange ? undefined : "You may not change definitions."}
          onClick={() => open("enable")}
        >
          {enabled ? "Disable" : "Enable"}
        </Button>
        <Button
          look="primary"
          disabled={!mayRegister || !enabled}
          title={
            !mayRegister
              ? "You may not register agents."
              : enabled
                ? undefined
                : "It is disabled: new agents cannot be registered with it."
          }
          onClick={() => open("register")}
        >
          Register agent
        </Button>
      </div>
      {used.enable && (
        <EnableDialog
          workspaceId={workspaceId}
          definition={definition}
          open={opened === "enable"}
          onClose={() => setOpened(null)}
        />
      )}
      {used.register && (
        <RegisterDialog
          project={project}
          projectId={projectId}
          definition={registers}
          open={opened === "register"}
          onClose={() => setOpened(null)}
        />
      )}
    </header>
  );
}
