import type { CombinedError } from "urql";

/** Whether the API says that somebody changed what is stored of a version. */
export function isTampered(error: CombinedError): boolean {
  return codeOf(error) === "VERSION_TAMPERED";
}

/** Whether the API says that retention has removed a version's data. */
export function isPruned(error: CombinedError): boolean {
  return codeOf(error) === "VERSION_PRUNED";
}

/** What an error is, for programs; null when the API was not reached. */
function codeOf({ graphQLErrors }: CombinedError): string | null {
  const code = graphQLErrors[0]?.extensions["code"];
  return typeof code === "string" ? code : null;
}
