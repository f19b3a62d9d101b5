"use client";
import { type SyntheticEvent, useState } from "react";
import { useClient } from "urql";
import { graphql } from "#api/generated/gql.ts";
import { refusalOf } from "#api/refusal.ts";
import { Button } from "#components/button.tsx";
import { Dialog } from "#components/dialog.tsx";
import { Problem } from "#components/notice.tsx";
import { TextField } from "#components/text-field.tsx";
import { useContextView } from "#features/contexts/context-view.tsx";

const AtQuery = graphql(`
  query VersionAt($id: ID!, $time: DateTime!) {
    node(id: $id) {
      __typename
      id
      ... on Context {
        versionAt(time: $time) {
          id
          number
        }
      }
    }
  }
`);

/** A time is given to the second, and means all of it. */
const SECOND_MS = 1_000;

/** Leads to a version by its number, or to the one that was the newest at a time. */
export function GoToDialog({ onClose }: { readonly onClose: () => void }) {
  const { context, open } = useContextView();
  const client = useClient();
  const [number, setNumber] = useState("");
  const [time, setTime] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const show = (version: number) => {
    open({ version });
    onClose();
  };
  const go = async (event: SyntheticEvent) => {
    event.preventDefault();
    setProblem(null);
    if (number.trim() !== "") {
      if (/^[1-9]\d{0,9}$/.test(number.trim())) return show(Number(number));
      return setProblem("A version’s number is 1, 2, 3, …");
    }
    const at = new Date(time);
    if (Number.isNaN(at.getTime())) return setProblem("Give a number or a time.");
    const { data, error } = await client
      .query(
        AtQuery,
        { id: context, time: new Date(at.getTime() + SECOND_MS - 1).toISOString() },
        { requestPolicy: "network-only" },
      )
      .toPromise();
    if (error) return setProblem(refusalOf(undefined, error));
    const found = data?.node?.__typename === "Context" ? data.node.versionAt : null;
    return found ? show(found.number) : setProblem("Nothing had been written then.");
  };
  return (
    <Dialog
      open
      onOpenChange={(next) => !next && onClose()}
      title="Go to a version"
      description="By its number, or as it was at a time."
    >
      <form onSubmit={(event) => void go(event)} className="grid gap-4">
        <TextField label="Number" value={number} onChange={setNumber} placeholder="42" />
        <TextField
          label="As it was at"
          type="datetime-local"
          step={1}
          value={time}
          onChange={setTime}
          hint="In this computer’s time zone. Counts when there is no number."
        />
        {problem !== null && <Problem title={problem} />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary">
            Go
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
