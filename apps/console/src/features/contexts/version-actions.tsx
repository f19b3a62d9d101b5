"use client";
import dynamic from "next/dynamic";
import { useState } from "react";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import { Button } from "#components/button.tsx";
import { useContextView } from "#features/contexts/context-view.tsx";

const PinDialog = dynamic(() => import("#features/contexts/pin-dialog.tsx").then((module) => module.PinDialog));
const ForkDialog = dynamic(() => import("#features/contexts/fork-dialog.tsx").then((module) => module.ForkDialog));

const ActionsFragment = graphql(`
  fragment VersionActions on ContextVersion {
    id
    number
    prunedAt
  }
`);

interface VersionActionsProps {
  readonly version: FragmentType<typeof ActionsFragment>;
  /** The context's name. */
  readonly name: string;
  readonly newest: number;
}

/** What can be done with a version besides going back to it. */
export function VersionActions({ version: masked, name, newest }: VersionActionsProps) {
  const { may, open } = useContextView();
  const { id, number, prunedAt } = readFragment(ActionsFragment, masked);
  const [asking, setAsking] = useState<"pin" | "fork" | null>(null);
  const refusal = !may("context.write")
    ? "You need the permission context.write."
    : prunedAt !== null
      ? "Its data has been removed."
      : undefined;
  return (
    <>
      {number < newest && prunedAt === null && (
        <Button
          className="px-2"
          aria-label="Compare with current"
          title={`Compare version ${number} with the current one`}
          onClick={() => open({ compare: { from: number, to: newest } })}
        >
          ⇄
        </Button>
      )}
      <Button disabled={refusal !== undefined} title={refusal} onClick={() => setAsking("pin")}>
        Pin
      </Button>
      <Button disabled={refusal !== undefined} title={refusal} onClick={() => setAsking("fork")}>
        Fork
      </Button>
      {asking === "pin" && <PinDialog number={number} onClose={() => setAsking(null)} />}
      {asking === "fork" && <ForkDialog version={id} number={number} name={name} onClose={() => setAsking(null)} />}
    </>
  );
}
