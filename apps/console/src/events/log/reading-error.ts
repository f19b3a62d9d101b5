import { GraphQLRequestError, UnauthenticatedError } from "@muster/client/errors.ts";
import { CombinedError } from "urql";
import { goToSignIn } from "#api/session.ts";

/** What went wrong, as all screens show it. When the session has ended it leaves for the sign-in page. */
export function readingError(error: unknown): CombinedError {
  if (error instanceof UnauthenticatedError) goToSignIn();
  if (error instanceof GraphQLRequestError) return new CombinedError({ graphQLErrors: [...error.errors] as never });
  return new CombinedError({ networkError: error instanceof Error ? error : new Error(String(error)) });
}
