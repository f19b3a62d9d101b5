"use client";
import dynamic from "next/dynamic";
import { useState } from "react";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import { Button } from "#components/button.tsx";
import { Ago } from "#components/time.tsx";
import { becomesText } from "#events/drain-words.ts";
import { quoted } from "#events/event-payload.ts";

const CancelPendingDialog = dynamic(
  () => import("#features/agent/header/cancel-pending-dialog.tsx").then((module) => module.CancelPendingDialog),
  { ssr: false },
);

const PendingFragment = graphql(`
  fragment PendingAction on Agent {
    id
    activeTasks
    pendingAction
    pendingReason
    pendingSince
  }
`);

interface PendingActionProps {
  readonly agent: FragmentType<typeof PendingFragment>;
  readonly permissions: readonly string[];
}

/** What becomes of the agent when its tasks have ended, and the way to take that back. */
export function PendingAction({ agent: masked, permissions }: PendingActionProps) {
  const { id, activeTasks, pendingAction, pendingReason, pendingSince } = readFragment(PendingFragment, masked);
  const [open, setOpen] = useState(false);
  const [used, setUsed] = useState(false);
  const ask = () => {
    setUsed(true);
    setOpen(true);
  };
  if (pendingAction === null) return null;
  const becomes = becomesText(pendingAction);
  return (
    <div className="flex flex-wrap items-center justify-between gap-3 rounded-lg border border-line bg-warning-soft px-4 py-2.5">
      <p>
        <b className="font-[550]">
          Will be {becomes} when its {activeTasks === 1 ? "running task ends" : `${activeTasks} running tasks end`}
        </b>
        {pendingReason !== null && <>: {quoted(pendingReason)}</>}
        <span className="text-muted">
          {" "}
          It takes no new task.{" "}
          {pendingSince !== null && (
            <>
              Asked for <Ago at={pendingSince} />.
            </>
          )}
        </span>
      </p>
      {permissions.includes("agent.transition") && <Button onClick={ask}>Cancel that</Button>}
      {used && <CancelPendingDialog agentId={id} becomes={becomes} open={open} onClose={() => setOpen(false)} />}
    </div>
  );
}
