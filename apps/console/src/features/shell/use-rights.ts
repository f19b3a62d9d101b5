"use client";
import { delay } from "@muster/client/retry.ts";
import { useEffect } from "react";
import { useClient } from "urql";
import { useMuster } from "#api/api-provider.tsx";
import { isUnauthenticated } from "#api/session.ts";
import { graphql } from "#api/generated/gql.ts";

const RightsQuery = graphql(`
  query Rights {
    viewer {
      permissions
      ...AccountMenu
      ...ProjectMenu
    }
  }
`);

/** While roles change, a question may be refused and has to be asked again. */
const WAITS_MS = [0, 500, 1_000, 2_000, 4_000] as const;

/**
 * Reads again what the reader may do, whenever the connection comes back: the server closes it when their roles change. Every
 * button that asks the cache for permissions follows.
 */
export function useRights(): void {
  const client = useClient();
  const muster = useMuster();
  useEffect(() => {
    let lost = false;
    let stop = new AbortController();
    const read = async (signal: AbortSignal) => {
      for (const wait of WAITS_MS) {
        await delay(wait, signal);
        const { error } = await client.query(RightsQuery, {}, { requestPolicy: "network-only" }).toPromise();
        if (!error || isUnauthenticated(error)) return;
      }
    };
    const forget = muster.onStatus((status) => {
      if (status === "live" && lost) {
        stop.abort();
        stop = new AbortController();
        void read(stop.signal).catch(() => {});
      }
      lost = status === "reconnecting" || status === "offline";
    });
    return () => {
      stop.abort();
      forget();
    };
  }, [client, muster]);
}
