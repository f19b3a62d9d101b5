"use client";
import { useInstallationPermissions } from "#api/use-permissions.ts";
import { Choice } from "#components/choice.tsx";
import { Allowed } from "#features/settings/allowed.tsx";
import { AuditEntries } from "#features/settings/audit/audit-entries.tsx";
import { AuditToolbar } from "#features/settings/audit/audit-toolbar.tsx";
import { ExportMenu } from "#features/settings/audit/export-menu.tsx";
import { useSettingsView } from "#features/settings/settings-view.ts";
import { useHere } from "#features/settings/use-here.ts";
import type { ProjectRoute } from "#routes.ts";

/** Who did what, when, from where and with which credentials: everything that was ever changed. */
export function AuditSection({ project }: { readonly project: ProjectRoute }) {
  return (
    <Allowed project={project} permission="audit.read" to="read the audit log">
      {() => <Audit project={project} />}
    </Allowed>
  );
}

function Audit({ project }: { readonly project: ProjectRoute }) {
  const everywhere = useInstallationPermissions()?.includes("audit.read") ?? false;
  const { view, change } = useSettingsView(project, "audit");
  const known = useHere(project);
  const all = everywhere && view.of === "installation";
  return (
    <div className="grid grid-cols-1 gap-4">
      <div className="flex flex-wrap items-start justify-between gap-3">
        {everywhere ? (
          <Choice
            label="Whose log"
            options={{ workspace: "This workspace", installation: "The installation itself" }}
            value={all ? "installation" : "workspace"}
            onChange={(of) => change({ of: of === "workspace" ? undefined : of, entry: undefined })}
          />
        ) : (
          <p className="text-muted">Everything that was changed in the workspace {project.workspace}.</p>
        )}
        {known && <ExportMenu workspace={all ? null : known.here.workspaceId} view={view} />}
      </div>
      <AuditToolbar view={view} change={change} />
      <AuditEntries project={project} all={all} view={view} change={change} />
    </div>
  );
}
