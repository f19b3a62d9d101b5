"use client";
import { useClient } from "urql";
import { graphql } from "#api/generated/gql.ts";
import type { AgentAction, AgentState } from "#api/generated/graphql.ts";
import { refusalOf } from "#api/refusal.ts";
import { type ToastAction, undoBy } from "#components/notify.ts";
import { CancelPending } from "#features/agent/header/cancel-pending.ts";
import { wayBack } from "#features/agent/header/action-words.ts";

const TakeBack = graphql(`
  mutation TakeBackTransition($input: TransitionAgentInput!) {
    transitionAgent(input: $input) {
      __typename
      ... on TransitionAgentSuccess {
        data {
          ...LiveAgent
        }
      }
      ... on Error {
        code
        message
      }
    }
  }
`);

interface Done {
  readonly agentId: string;
  readonly action: AgentAction;
  /** The state that it was done in, and the one it led to. */
  readonly from: AgentState;
  readonly to: AgentState;
  /** Whether it waits for running tasks to end. */
  readonly pending: boolean;
}

const REASON = "Undone right after it was done.";

/** The way back from an action, where there is one, for a toast. */
export function useTakeBack(): (done: Done) => ToastAction | undefined {
  const client = useClient();
  return ({ agentId, action, from, to, pending }) => {
    const back = wayBack(action, from);
    if (!pending && back === null) return undefined;
    return undoBy(async () => {
      const { data, error } = pending
        ? await client.mutation(CancelPending, { input: { agentId, reason: REASON } }).toPromise()
        : await client
            .mutation(TakeBack, { input: { agentId, action: back as AgentAction, reason: REASON, expectedState: to } })
            .toPromise();
      const result = data && ("transitionAgent" in data ? data.transitionAgent : data.cancelPendingAction);
      return result?.__typename.endsWith("Success") ? null : refusalOf(result ?? undefined, error);
    });
  };
}
