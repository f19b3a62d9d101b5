"use client";
import { useCallback, useSyncExternalStore } from "react";
import { useClient } from "urql";
import { graphql } from "#api/generated/gql.ts";
import type { VerifyContextQuery } from "#api/generated/graphql.ts";
import { refusalOf } from "#api/refusal.ts";

const VerifyQuery = graphql(`
  query VerifyContext($id: ID!) {
    verifyContext(contextId: $id) {
      ok
      versions
      readable
      pruned
      eventsCompared
      badVersions {
        number
        problem
        message
      }
    }
  }
`);

/** What is known of a context's chain: nothing yet, that it is being looked at, or what came of it. */
export type Verification =
  | { readonly state: "unknown" | "working" }
  | { readonly state: "failed"; readonly why: string }
  | { readonly state: "done"; readonly at: string; readonly found: VerifyContextQuery["verifyContext"] };

const UNKNOWN: Verification = { state: "unknown" };
/** For as long as the page is loaded: whoever comes back to a context sees when it was verified. */
const known = new Map<string, Verification>();
const listeners = new Set<() => void>();

function put(id: string, verification: Verification): void {
  known.set(id, verification);
  for (const listener of listeners) listener();
}

function listen(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Whether a context's versions are what was written, once somebody asks. */
export function useVerification(id: string): { readonly verification: Verification; readonly verify: () => void } {
  const client = useClient();
  const read = () => known.get(id) ?? UNKNOWN;
  const verification = useSyncExternalStore(listen, read, () => UNKNOWN);
  const verify = useCallback(() => {
    put(id, { state: "working" });
    void client
      .query(VerifyQuery, { id }, { requestPolicy: "network-only" })
      .toPromise()
      .then(({ data, error }) =>
        put(
          id,
          data
            ? { state: "done", at: new Date().toISOString(), found: data.verifyContext }
            : { state: "failed", why: refusalOf(undefined, error) },
        ),
      );
  }, [client, id]);
  return { verification, verify };
}
