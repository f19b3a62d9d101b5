"use client";
import dynamic from "next/dynamic";
import { Fragment, useState } from "react";
import type { Role } from "#api/generated/graphql.ts";
import { useInstallationPermissions } from "#api/use-permissions.ts";
import { Menu, MenuItem, MenuSeparator } from "#components/menu.tsx";
import { Button } from "#components/button.tsx";
import { type Reach, reachText } from "#components/role-words.ts";
import { heldIn, type RightsIn } from "#features/settings/held-in.ts";
import type { Here } from "#features/settings/people/places.ts";
import type { ProjectRoute } from "#routes.ts";

/** Each comes when it is asked for. */
const RoleDialog = dynamic(() =>
  import("#features/settings/people/role-dialog.tsx").then((module) => module.RoleDialog),
);
const RevokeDialog = dynamic(() =>
  import("#features/settings/people/revoke-dialog.tsx").then((module) => module.RevokeDialog),
);
const SessionsDialog = dynamic(() =>
  import("#features/settings/people/sessions-dialog.tsx").then((module) => module.SessionsDialog),
);
const ResetDialog = dynamic(() =>
  import("#features/settings/people/reset-dialog.tsx").then((module) => module.ResetDialog),
);
const ResetTotpDialog = dynamic(() =>
  import("#features/settings/people/reset-totp-dialog.tsx").then((module) => module.ResetTotpDialog),
);
const DisableDialog = dynamic(() =>
  import("#features/settings/people/disable-dialog.tsx").then((module) => module.DisableDialog),
);

/** What all that is done about people goes by. */
export interface PeopleContext {
  readonly project: ProjectRoute;
  readonly here: Here;
  readonly permissions: readonly string[];
  /** The reader's own id; null for a key. */
  readonly self: string | null;
  readonly reread: () => void;
}

interface PersonActionsProps {
  readonly people: PeopleContext;
  readonly user: {
    readonly id: string;
    readonly name: string;
    readonly disabledAt: string | null;
    readonly totpEnabled: boolean;
  };
  /** The roles that can be changed here. */
  readonly memberships: readonly Membership[];
}

type Membership = Reach & RightsIn & { readonly id: string; readonly role: Role; readonly version: number };

type Open =
  | { readonly what: "grant" | "sessions" | "password" | "authenticator" | "disable" }
  | { readonly what: "change" | "revoke"; readonly membership: Membership };

const NO_ROLES = "Your role may not give or take roles: member.manage is needed.";
const NO_PEOPLE = "Only who manages the people of the whole installation can: user.manage is needed.";

/** What can be done about a person. */
export function PersonActions({ people, user, memberships }: PersonActionsProps) {
  const [open, setOpen] = useState<Open | null>(null);
  const { permissions, reread, project, here } = people;
  const installation = useInstallationPermissions();
  const lock = (held: readonly string[]) => (held.includes("member.manage") ? null : NO_ROLES);
  const persons = installation?.includes("user.manage") ? null : NO_PEOPLE;
  const close = () => setOpen(null);
  const done = { onClose: close, onDone: reread };
  return (
    <>
      <Menu
        trigger={
          <Button look="ghost" aria-label={`Actions for ${user.name}`}>
            <span aria-hidden>⋯</span>
          </Button>
        }
      >
        {memberships.map((membership) => (
          <Fragment key={membership.id}>
            <MenuItem
              locked={lock(heldIn(membership, installation))}
              onSelect={() => setOpen({ what: "change", membership })}
            >
              {memberships.length === 1 ? "Change role…" : `Change role in ${reachText(membership)}…`}
            </MenuItem>
            <MenuItem
              danger
              locked={lock(heldIn(membership, installation))}
              onSelect={() => setOpen({ what: "revoke", membership })}
            >
              {memberships.length === 1 ? "Take role away…" : `Take role in ${reachText(membership)} away…`}
            </MenuItem>
          </Fragment>
        ))}
        <MenuItem locked={lock(permissions)} onSelect={() => setOpen({ what: "grant" })}>
          Give another role…
        </MenuItem>
        <MenuSeparator />
        <MenuItem locked={persons} onSelect={() => setOpen({ what: "sessions" })}>
          Sessions…
        </MenuItem>
        <MenuItem locked={persons} onSelect={() => setOpen({ what: "password" })}>
          Password reset link…
        </MenuItem>
        {user.totpEnabled && (
          <MenuItem locked={persons} onSelect={() => setOpen({ what: "authenticator" })}>
            Turn authenticator off…
          </MenuItem>
        )}
        <MenuItem danger={user.disabledAt === null} locked={persons} onSelect={() => setOpen({ what: "disable" })}>
          {user.disabledAt === null ? "Disable…" : "Enable…"}
        </MenuItem>
      </Menu>
      {(open?.what === "change" || open?.what === "grant") && (
        <RoleDialog
          user={user}
          membership={"membership" in open ? open.membership : null}
          project={project}
          here={here}
          {...done}
        />
      )}
      {open?.what === "revoke" && <RevokeDialog user={user} membership={open.membership} {...done} />}
      {open?.what === "sessions" && <SessionsDialog user={user} onClose={close} />}
      {open?.what === "password" && <ResetDialog user={user} onClose={close} />}
      {open?.what === "authenticator" && <ResetTotpDialog user={user} {...done} />}
      {open?.what === "disable" && <DisableDialog user={user} {...done} />}
    </>
  );
}
