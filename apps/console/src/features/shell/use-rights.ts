"use client";
import { useEffect } from "react";
import { useClient } from "urql";
import { useMuster } from "#api/api-provider.tsx";

/** Reads again what the reader may do, whenever the connection comes back: the server closes it when their roles change. */
export function useRights(): void {
  const client = useClient();
  const muster = useMuster();
  useEffect(() => {
    let lost = false;
    let stop = new AbortController();
    const read = async (signal: AbortSignal) => {
      // Seldom needed: not among what a page loads.
      const { readRights } = await import("#features/shell/read-rights.ts");
      await readRights(client, signal);
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
