import type { CombinedError } from "urql";
import { type InputIssue, NO_ISSUES } from "#api/input-issues.ts";
import { typeIssuesOf } from "#api/type-issues.ts";

interface Result {
  readonly __typename: string;
  readonly message?: string;
  readonly issues?: readonly InputIssue[];
}

/** Why a change was not made, and what is wrong with its input. */
export interface Refusal {
  readonly message: string;
  readonly issues: readonly InputIssue[];
}

/** The same for what the API has answered. */
export function wholeRefusalOf(result: Result | undefined, error: CombinedError | undefined): Refusal {
  return { message: refusalOf(result, error), issues: result?.issues ?? issuesIn(error) };
}

/** The sentence to show when a change was not made: the API's own, when there is one. */
export function refusalOf(result: Result | undefined, error: CombinedError | undefined): string {
  if (result?.message !== undefined) return result.message;
  if (error?.networkError) {
    return "Muster cannot be reached. Whether it was done is not certain: look at the page once it is live, then try again.";
  }
  if (issuesIn(error).length > 0) return "What was sent is not of the right form.";
  return error?.graphQLErrors[0]?.message ?? "It did not work. Try again.";
}

function issuesIn(error: CombinedError | undefined): readonly InputIssue[] {
  const issues = typeIssuesOf(error?.graphQLErrors.map(({ message }) => message) ?? []);
  return issues.length > 0 ? issues : NO_ISSUES;
}
