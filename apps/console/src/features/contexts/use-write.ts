"use client";
import { useRef } from "react";
import { useMutation } from "urql";
import { graphql } from "#api/generated/gql.ts";
import { refusalOf } from "#api/refusal.ts";
import { useContextView } from "#features/contexts/context-view.tsx";
import type { InputIssue } from "#api/input-issues.ts";
import type { WriteKind } from "#features/contexts/written-data.ts";

const Write = graphql(`
  mutation WriteContext($input: WriteContextInput!) {
    writeContext(input: $input) {
      __typename
      ... on WriteContextSuccess {
        data {
          id
          number
          mergedFrom
          ...VersionRow
          context {
            id
            currentVersion
          }
        }
      }
      ... on Conflict {
        currentVersion
        paths
      }
      ... on InvalidInput {
        issues {
          path
          message
        }
      }
      ... on RollbackPending {
        rolledBackTo
      }
      ... on VersionHeld {
        version
      }
      ... on Error {
        code
        message
      }
    }
  }
`);

/** Why nothing was written, and what there is to know for the next step. */
export interface WriteRefusal {
  readonly kind: "conflict" | "rolled-back" | "held" | "other";
  readonly message: string;
  /** The newest version, of a conflict. */
  readonly newest?: number;
  /** Of a merge: where both have changed the data. */
  readonly paths?: readonly string[];
  /** The version that is held. */
  readonly held?: number;
  readonly issues?: readonly InputIssue[];
}

export interface Draft {
  readonly kind: WriteKind;
  readonly given: unknown;
  /** The version that it begins with; 0 before the first. */
  readonly base: number;
  readonly message: string;
}

/** Writes a version. Answers its number and whether it was merged, or why it was not written. */
export function useWrite() {
  const { context } = useContextView();
  const [{ fetching }, send] = useMutation(Write);
  // The same attempt, repeated after a lost answer, writes once.
  const last = useRef({ key: "", asked: "" });
  const write = async (
    { kind, given, base, message }: Draft,
    merge: boolean,
  ): Promise<{ number: number; merged: boolean } | WriteRefusal> => {
    const asked = JSON.stringify([kind, given, base, message, merge]);
    if (asked !== last.current.asked) last.current = { key: crypto.randomUUID(), asked };
    const { data, error } = await send({
      input: {
        contextId: context,
        [kind]: given,
        idempotencyKey: last.current.key,
        ...(message !== "" && { message }),
        ...(merge ? { baseVersion: base, merge } : base > 0 && { expectedVersion: base }),
      },
    });
    const result = data?.writeContext;
    switch (result?.__typename) {
      case "WriteContextSuccess":
        return { number: result.data.number, merged: result.data.mergedFrom !== null };
      case "Conflict":
        return {
          kind: "conflict",
          message: result.message,
          ...(result.currentVersion !== null && { newest: result.currentVersion }),
          ...(result.paths && { paths: result.paths }),
        };
      case "RollbackPending":
        return { kind: "rolled-back", message: result.message };
      case "VersionHeld":
        return { kind: "held", message: result.message, held: result.version };
      case "InvalidInput":
        return { kind: "other", message: result.message, issues: result.issues };
      default:
        return { kind: "other", message: refusalOf(result, error) };
    }
  };
  return { write, fetching };
}
