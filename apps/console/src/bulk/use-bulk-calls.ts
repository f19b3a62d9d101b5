"use client";
import { useCallback } from "react";
import { useClient } from "urql";
import { readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import type { TransitionMode } from "#api/generated/graphql.ts";
import { refusalOf } from "#api/refusal.ts";
import type { BulkPreview } from "#bulk/bulk-preview.ts";
import type { BulkRequest } from "#bulk/bulk-request.ts";

const TransitionAgents = graphql(`
  mutation TransitionAgents($input: TransitionAgentsInput!) {
    transitionAgents(input: $input) {
      __typename
      ... on TransitionAgentsSuccess {
        data {
          id
          ...BulkJobProgress
        }
        preview {
          count
          countIsCapped
          states {
            state
            count
            allowed
            draining
          }
          sample {
            id
            name
            state
          }
        }
      }
      ... on Error {
        code
        message
      }
    }
  }
`);

const TasksPreviewFragment = graphql(`
  fragment TasksPreview on BulkJobPreview {
    count
    countIsCapped
    sample {
      id
      kind
      state
    }
  }
`);

const CancelTasks = graphql(`
  mutation CancelTasks($input: CancelTasksInput!) {
    cancelTasks(input: $input) {
      __typename
      ... on CancelTasksSuccess {
        data {
          id
          ...BulkJobProgress
        }
        preview {
          ...TasksPreview
        }
      }
      ... on Error {
        code
        message
      }
    }
  }
`);

const RetryTasks = graphql(`
  mutation RetryTasks($input: RetryTasksInput!) {
    retryTasks(input: $input) {
      __typename
      ... on RetryTasksSuccess {
        data {
          id
          ...BulkJobProgress
        }
        preview {
          ...TasksPreview
        }
      }
      ... on Error {
        code
        message
      }
    }
  }
`);

export interface BulkCall {
  readonly request: BulkRequest;
  readonly mode: TransitionMode;
  readonly reason: string;
  /** Null: a dry run. Else how many it has to be. */
  readonly expectedCount: number | null;
}

export type BulkAnswer =
  | { readonly preview: BulkPreview }
  | { readonly job: string }
  | { readonly refusal: string; readonly isConflict: boolean };

/** Asks the API for a dry run, or for the job. */
export function useBulkCalls(projectId: string): (call: BulkCall) => Promise<BulkAnswer> {
  const client = useClient();
  return useCallback(
    async ({ request, mode, reason, expectedCount }) => {
      const { all } = request;
      const dryRun = expectedCount === null;
      const common = { projectId, reason: dryRun ? "a dry run" : reason, dryRun, expectedCount, ...(all && { all }) };
      if (request.what === "agents") {
        const input = { ...common, filter: request.filter, action: request.action, mode };
        const { data, error } = await client.mutation(TransitionAgents, { input }).toPromise();
        const result = data?.transitionAgents;
        if (result?.__typename !== "TransitionAgentsSuccess") return refused(result, error);
        const sample = (result.preview?.sample ?? []).map(({ id, name, state }) => ({
          id,
          name,
          state: { agent: state },
        }));
        return answered(result.data?.id, result.preview && { ...result.preview, sample });
      }
      const input = { ...common, filter: request.filter };
      const cancels = request.action === "CANCEL";
      const { data, error } = cancels
        ? await client.mutation(CancelTasks, { input }).toPromise()
        : await client.mutation(RetryTasks, { input }).toPromise();
      const result = data && ("cancelTasks" in data ? data.cancelTasks : data.retryTasks);
      if (result?.__typename !== "CancelTasksSuccess" && result?.__typename !== "RetryTasksSuccess") {
        return refused(result, error);
      }
      const preview = readFragment(TasksPreviewFragment, result.preview);
      const sample = (preview?.sample ?? []).map(({ id, kind, state }) => ({ id, name: kind, state: { task: state } }));
      return answered(result.data?.id, preview && { ...preview, sample, states: null });
    },
    [client, projectId],
  );
}

function answered(job: string | undefined, preview: BulkPreview | null | undefined): BulkAnswer {
  if (job !== undefined) return { job };
  if (preview) return { preview };
  return { refusal: "It did not work. Try again.", isConflict: false };
}

function refused(
  result: { readonly __typename: string; readonly message?: string } | undefined,
  error: Parameters<typeof refusalOf>[1],
): BulkAnswer {
  return { refusal: refusalOf(result, error), isConflict: result?.__typename === "Conflict" };
}
