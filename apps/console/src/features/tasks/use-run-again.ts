"use client";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { useMutation } from "urql";
import { graphql } from "#api/generated/gql.ts";
import { refusalOf } from "#api/refusal.ts";
import { notify } from "#components/notify.ts";
import { type ProjectRoute, routes } from "#routes.ts";

export const RetryTask = graphql(`
  mutation RetryTask($input: RetryTaskInput!) {
    retryTask(input: $input) {
      __typename
      ... on RetryTaskSuccess {
        data {
          id
          title
          replayOf {
            id
          }
        }
      }
      ... on Error {
        message
      }
      ... on InvalidInput {
        issues {
          path
          message
        }
      }
    }
  }
`);

/** Runs an ended task again as it was, and leads to the new one. */
export function useRunAgain(project: ProjectRoute) {
  const router = useRouter();
  const [, retry] = useMutation(RetryTask);
  const [busy, setBusy] = useState(false);
  const runAgain = async ({ id, title }: { readonly id: string; readonly title: string }) => {
    setBusy(true);
    const { data, error } = await retry({ input: { taskId: id } });
    setBusy(false);
    const result = data?.retryTask;
    if (result?.__typename !== "RetryTaskSuccess") {
      // There is no dialog in which to say it.
      notify({ title: `${title} was not run again`, description: refusalOf(result, error) });
      return;
    }
    notify({ title: `${title} runs again`, description: "As a new task, linked to the one before." });
    router.push(routes.task(project, result.data.id));
  };
  return { busy, runAgain };
}
