"use client";
import { useState } from "react";
import { useMutation } from "urql";
import { graphql } from "#api/generated/gql.ts";
import type { TestWebhookMutation } from "#api/generated/graphql.ts";
import { refusalOf } from "#api/refusal.ts";

const Test = graphql(`
  mutation TestWebhook($input: TestWebhookInput!) {
    testWebhook(input: $input) {
      __typename
      ... on TestWebhookSuccess {
        data {
          id
          state
          lastStatus
          lastError
          durationMs
          responseExcerpt
        }
      }
      ... on Error {
        code
        message
      }
    }
  }
`);

/** How a test went. */
export type Tested = Extract<TestWebhookMutation["testWebhook"], { readonly __typename: "TestWebhookSuccess" }>["data"];

export interface TestOutcome {
  readonly tested: Tested | null;
  /** Why there was no test. */
  readonly refusal: string | null;
}

/** Sends tests; `outcome` is that of the last one, null before and while another is under way. */
export function useTest(webhook: string, onTested: () => void) {
  const [{ fetching }, test] = useMutation(Test);
  const [outcome, setOutcome] = useState<TestOutcome | null>(null);
  const run = async () => {
    setOutcome(null);
    const { data, error } = await test({ input: { webhookId: webhook } });
    const result = data?.testWebhook;
    if (result?.__typename === "TestWebhookSuccess") setOutcome({ tested: result.data, refusal: null });
    else setOutcome({ tested: null, refusal: refusalOf(result, error) });
    onTested();
  };
  return { testing: fetching, outcome, run: () => void run(), clear: () => setOutcome(null) };
}
