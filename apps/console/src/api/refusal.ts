import type { CombinedError } from "urql";

/** The sentence to show when a change was not made: the API's own, when there is one. */
export function refusalOf(
  result: { readonly __typename: string; readonly message?: string } | undefined,
  error: CombinedError | undefined,
): string {
  if (result?.message !== undefined) return result.message;
  if (error?.networkError) {
    return "Muster cannot be reached. Whether it was done is not certain: look at the page once it is live, then try again.";
  }
  return error?.graphQLErrors[0]?.message ?? "It did not work. Try again.";
}
