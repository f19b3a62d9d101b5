"use client";
import dynamic from "next/dynamic";
import Link from "next/link";
import { useState } from "react";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import { useInstallationPermissions } from "#api/use-permissions.ts";
import { Button } from "#components/button.tsx";
import { Menu, MenuItem } from "#components/menu.tsx";
import { reachText, ROLE_WORDS } from "#components/role-words.ts";
import { Tag } from "#components/tag.tsx";
import { Ago, exactText } from "#components/time.tsx";
import { Until } from "#components/until.tsx";
import { heldIn } from "#features/settings/held-in.ts";
import { KEY_KIND_WORDS, KEY_STATE_WORDS } from "#features/settings/keys/key-words.ts";
import { type ProjectRoute, routes } from "#routes.ts";

/** Each comes when it is asked for. */
const RotateKeyDialog = dynamic(() =>
  import("#features/settings/keys/rotate-key-dialog.tsx").then((module) => module.RotateKeyDialog),
);
const RotateAgentDialog = dynamic(() =>
  import("#features/settings/keys/rotate-agent-dialog.tsx").then((module) => module.RotateAgentDialog),
);
const RevokeKeyDialog = dynamic(() =>
  import("#features/settings/keys/revoke-key-dialog.tsx").then((module) => module.RevokeKeyDialog),
);

const RowFragment = graphql(`
  fragment KeyRow on ApiKey {
    id
    name
    kind
    state
    prefix
    role
    permissions
    workspace {
      id
      slug
      permissions
    }
    project {
      id
      path
      permissions
    }
    agent {
      id
      name
    }
    createdAt
    createdBy {
      name
    }
    expiresAt
    lastUsedAt
    revokedAt
    replacedBy {
      id
    }
  }
`);

interface KeyRowProps {
  readonly project: ProjectRoute;
  readonly apiKey: FragmentType<typeof RowFragment>;
  readonly onChanged: () => void;
}

/** A key: what it may, whether it works, and when it was used. */
export function KeyRow({ project, apiKey: masked, onChanged }: KeyRowProps) {
  const key = readFragment(RowFragment, masked);
  const held = heldIn(key, useInstallationPermissions());
  const locked = held.includes("key.manage") ? null : "Your role may not make or end such keys: key.manage is needed.";
  const { name, kind, state, prefix, role, permissions, agent, expiresAt, lastUsedAt, revokedAt, replacedBy } = key;
  const [open, setOpen] = useState<"rotate" | "revoke" | null>(null);
  const close = () => setOpen(null);
  const ended = state === "ACTIVE" ? null : `It is ${KEY_STATE_WORDS[state].toLowerCase()}.`;
  const standing = role === null ? KEY_KIND_WORDS[kind] : ROLE_WORDS[role];
  return (
    <tr className={`border-t border-line ${state === "ACTIVE" ? "" : "text-muted"}`}>
      <td className="w-2/5 max-w-0 min-w-36 py-2 pr-2 pl-4 sm:px-4">
        <p className="flex flex-wrap items-baseline gap-x-1.5">
          {agent === null ? (
            <span className="truncate font-[550]">{name}</span>
          ) : (
            <Link
              href={routes.agent(project, agent.id)}
              prefetch={false}
              className="truncate font-[550] hover:text-accent hover:underline"
            >
              {agent.name}
            </Link>
          )}
          <Tag>{KEY_KIND_WORDS[kind].toLowerCase()}</Tag>
        </p>
        <p title={prefix} className="truncate font-mono text-xs leading-5 text-faint">
          {prefix}…
        </p>
      </td>
      <td className="hidden px-4 py-2 sm:table-cell">
        <span title={permissions.join(", ")}>{standing}</span>
        <span className="block text-sm text-faint">{reachText(key)}</span>
      </td>
      <td className="px-2 py-2 sm:px-4">
        <span className={state === "ACTIVE" ? "font-[550]" : "text-muted"}>{KEY_STATE_WORDS[state]}</span>
        <span className="block text-sm text-faint">
          {revokedAt !== null ? (
            <Ago at={revokedAt} />
          ) : expiresAt === null ? (
            "does not end"
          ) : state === "EXPIRED" ? (
            <Ago at={expiresAt} />
          ) : (
            <>
              ends <Until at={expiresAt} />
            </>
          )}
          {replacedBy !== null && ", replaced"}
        </span>
      </td>
      <td className="hidden px-4 py-2 whitespace-nowrap text-muted md:table-cell">
        {lastUsedAt === null ? <span className="text-faint">never used</span> : <Ago at={lastUsedAt} />}
      </td>
      <td className="hidden px-4 py-2 text-muted lg:table-cell">
        <span title={exactText(key.createdAt)}>{key.createdBy?.name ?? "—"}</span>
      </td>
      <td className="py-2 pr-3 text-right">
        <Menu
          trigger={
            <Button look="ghost" aria-label={`Actions for the key ${agent?.name ?? name}`}>
              <span aria-hidden>⋯</span>
            </Button>
          }
        >
          <MenuItem locked={locked ?? ended} onSelect={() => setOpen("rotate")}>
            Rotate…
          </MenuItem>
          <MenuItem
            danger
            locked={locked ?? (revokedAt === null ? null : (ended ?? null))}
            onSelect={() => setOpen("revoke")}
          >
            Revoke…
          </MenuItem>
        </Menu>
        {open === "rotate" &&
          (agent === null ? (
            <RotateKeyDialog apiKey={key} onClose={close} onDone={onChanged} />
          ) : (
            <RotateAgentDialog
              agent={agent}
              open
              onClose={() => {
                close();
                onChanged();
              }}
            />
          ))}
        {open === "revoke" && <RevokeKeyDialog apiKey={key} onClose={close} onDone={onChanged} />}
      </td>
    </tr>
  );
}
