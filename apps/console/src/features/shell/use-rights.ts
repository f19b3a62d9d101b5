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
      if (status === "reconnecting" || status === "offline") lost = true;
      // A page that goes on to another has nothing to follow for a moment: then it is connecting, and was lost all the same.
      if (status !== "live" || !lost) return;
      lost = false;
      stop.abort();
      stop = new AbortController();
      void read(stop.signal).catch(() => {});
    });
    return () => {
      stop.abort();
      forget();
    };
  }, [client, muster]);
}
