"use client";
import dynamic from "next/dynamic";
import { useState } from "react";
import { useInstallationPermissions } from "#api/use-permissions.ts";
import { Button } from "#components/button.tsx";
import { Allowed } from "#features/settings/allowed.tsx";
import { Members } from "#features/settings/people/members.tsx";
import { PeopleToolbar } from "#features/settings/people/people-toolbar.tsx";
import { Users } from "#features/settings/people/users.tsx";
import { useSettingsView } from "#features/settings/settings-view.ts";
import { useHere } from "#features/settings/use-here.ts";
import type { ProjectRoute } from "#routes.ts";

const InviteDialog = dynamic(() =>
  import("#features/settings/people/invite-dialog.tsx").then((module) => module.InviteDialog),
);

/** Who may do what here, and how others come to. */
export function PeopleSection({ project }: { readonly project: ProjectRoute }) {
  return (
    <Allowed project={project} permission="member.read" to="see the people of this workspace">
      {(permissions) => <People project={project} permissions={permissions} />}
    </Allowed>
  );
}

interface PeopleProps {
  readonly project: ProjectRoute;
  readonly permissions: readonly string[];
}

function People({ project, permissions }: PeopleProps) {
  const { view, change } = useSettingsView(project, "people");
  const known = useHere(project);
  const [inviting, setInviting] = useState(false);
  const everywhere = useInstallationPermissions()?.includes("user.manage") ?? false;
  const mayInvite = permissions.includes("member.manage");
  const narrowed = [view.search, view.role, view.in, view.state].some(Boolean);
  return (
    <div className="grid grid-cols-1 gap-4">
      <div className="flex flex-wrap items-start justify-between gap-3">
        <PeopleToolbar project={project} view={view} everywhere={everywhere} change={change} />
        <Button
          look="primary"
          disabled={!mayInvite || !known}
          title={mayInvite ? undefined : "Your role may not give roles: member.manage is needed."}
          onClick={() => setInviting(true)}
        >
          Invite
        </Button>
      </div>
      {known &&
        (view.of === "installation" && everywhere ? (
          <Users people={{ project, permissions, ...known }} view={view} />
        ) : (
          <Members people={{ project, permissions, ...known }} view={view} narrowed={narrowed} />
        ))}
      {inviting && known && <InviteDialog project={project} here={known.here} onClose={() => setInviting(false)} />}
    </div>
  );
}
