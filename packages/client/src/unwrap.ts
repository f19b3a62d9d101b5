import { MutationError } from "./errors.ts";

interface Success {
  readonly __typename?: string;
  readonly data: unknown;
}
interface Failure {
  readonly __typename?: string;
  readonly code?: string;
  readonly message?: string;
}
type DataOf<Result> = Result extends { readonly data: infer Data } ? Data : never;

/**
 * The `data` of a mutation's result. Ask for `__typename`, and for `... on Error { code message }`.
 * @throws MutationError when the result is one of the expected errors.
 */
export function unwrap<Result extends Success | Failure>(result: Result): DataOf<Result> {
  if (isSuccess(result)) return result.data as DataOf<Result>;
  const { code, message, ...fields } = result as Failure;
  throw new MutationError(
    code ?? "UNKNOWN",
    message ?? `The server answered ${result.__typename ?? "an error"}.`,
    fields,
  );
}

function isSuccess(result: Success | Failure): result is Success {
  return "data" in result && (result.__typename === undefined || result.__typename.endsWith("Success"));
}
