"use client";
import Link from "next/link";
import { useState } from "react";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import { Button } from "#components/button.tsx";
import { CopyableId } from "#components/copyable-id.tsx";
import { RotateAgentDialog } from "#features/settings/keys/rotate-agent-dialog.tsx";
import { type ProjectRoute, routes } from "#routes.ts";

const RowFragment = graphql(`
  fragment AgentKeyRow on Agent {
    id
    name
  }
`);

interface AgentRowProps {
  readonly project: ProjectRoute;
  readonly agent: FragmentType<typeof RowFragment>;
  readonly mayRotate: boolean;
}

/** An agent, and the way to another key for it. */
export function AgentRow({ project, agent: masked, mayRotate }: AgentRowProps) {
  const agent = readFragment(RowFragment, masked);
  const { id, name } = agent;
  const [open, setOpen] = useState(false);
  return (
    <li className="flex items-center gap-3 border-t border-line px-5 py-2">
      <div className="min-w-0 grow">
        <Link
          href={routes.agent(project, id)}
          prefetch={false}
          className="block truncate font-[550] hover:text-accent hover:underline"
        >
          {name}
        </Link>
        <CopyableId id={id} short />
      </div>
      <Button
        aria-label={`Rotate key of ${name}`}
        disabled={!mayRotate}
        title={mayRotate ? undefined : "You may not make keys of agents."}
        onClick={() => setOpen(true)}
      >
        Rotate key
      </Button>
      <RotateAgentDialog agent={agent} open={open} onClose={() => setOpen(false)} />
    </li>
  );
}
