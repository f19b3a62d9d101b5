import { delay } from "@muster/client/retry.ts";
import type { Client } from "urql";
import { graphql } from "#api/generated/gql.ts";
import { isUnauthenticated } from "#api/session.ts";

const RightsQuery = graphql(`
  query RightsNow($path: String!) {
    viewer {
      installationPermissions
      rights
      ...AccountMenu
      ...ProjectMenu
    }
    project(path: $path) {
      id
      ...Rights
    }
  }
`);

/** While roles change, a question may be refused and has to be asked again. */
const WAITS_MS = [0, 500, 1_000, 2_000, 4_000] as const;

/** Puts what the reader may do now into the cache: every button that asks it for permissions follows. */
export async function readRights(client: Client, path: string, signal: AbortSignal): Promise<void> {
  for (const wait of WAITS_MS) {
    await delay(wait, signal);
    const { error } = await client.query(RightsQuery, { path }, { requestPolicy: "network-only" }).toPromise();
    if (!error || isUnauthenticated(error)) return;
  }
}
