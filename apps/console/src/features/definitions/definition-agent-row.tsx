"use client";
import dynamic from "next/dynamic";
import Link from "next/link";
import { useState } from "react";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import { Button } from "#components/button.tsx";
import { Elapsed } from "#components/time.tsx";
import { AgentStateBadge } from "#lifecycles/state-badge.tsx";
import { type ProjectRoute, routes } from "#routes.ts";

const UpdateDialog = dynamic(() =>
  import("#features/definitions/update-dialog.tsx").then((module) => module.UpdateDialog),
);

const RowFragment = graphql(`
  fragment DefinitionAgentRow on Agent {
    id
    name
    state
    stateSince
    definitionVersion
  }
`);

interface DefinitionAgentRowProps {
  readonly project: ProjectRoute;
  readonly definitionId: string;
  readonly newest: number;
  readonly agent: FragmentType<typeof RowFragment>;
  readonly mayUpdate: boolean;
}

/** One agent of a definition: which version it has, and the way to the newest. */
export function DefinitionAgentRow(props: DefinitionAgentRowProps) {
  const { project, definitionId, newest, agent: masked, mayUpdate } = props;
  const { id, name, state, stateSince, definitionVersion } = readFragment(RowFragment, masked);
  const [open, setOpen] = useState(false);
  const [used, setUsed] = useState(false);
  const behind = newest - definitionVersion;
  return (
    <tr className="border-t border-line">
      <td className="w-1/2 max-w-0 min-w-36 px-4 py-2">
        <Link
          href={routes.agent(project, id)}
          prefetch={false}
          className="block truncate font-[550] hover:text-accent hover:underline"
        >
          {name}
        </Link>
      </td>
      <td className="px-4 py-2 whitespace-nowrap">
        <AgentStateBadge state={state} />
        <span className="ml-2 hidden text-faint sm:inline">
          <Elapsed since={stateSince} />
        </span>
      </td>
      <td className="px-4 py-2 whitespace-nowrap tabular-nums">
        {definitionVersion}
        {behind > 0 && <span className="ml-2 text-warning">{behind} behind</span>}
      </td>
      <td className="px-4 py-1.5 text-right">
        {behind > 0 && state !== "DECOMMISSIONED" && (
          <Button
            disabled={!mayUpdate}
            title={mayUpdate ? undefined : "You may not change agents."}
            aria-label={`Update to version ${newest}: ${name}`}
            onClick={() => {
              setUsed(true);
              setOpen(true);
            }}
          >
            Update to version {newest}
          </Button>
        )}
        {used && (
          <UpdateDialog
            project={project}
            agentId={id}
            name={name}
            definitionId={definitionId}
            from={definitionVersion}
            to={newest}
            open={open}
            onClose={() => setOpen(false)}
          />
        )}
      </td>
    </tr>
  );
}
