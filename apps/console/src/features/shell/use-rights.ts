"use client";
import { useEffect, useRef } from "react";
import { useClient } from "urql";
import { useMuster } from "#api/api-provider.tsx";
import { projectPath, type ProjectRoute } from "#routes.ts";

/**
 * Reads again what the reader may do, whenever the connection comes back: the server closes it when their roles change. Also when
 * it is made and says another mark than `known`, the page's: a role may have changed in between.
 */
export function useRights(project: ProjectRoute, known: string | undefined): void {
  const client = useClient();
  const muster = useMuster();
  const path = projectPath(project);
  const latest = useRef(known);
  latest.current = known;
  useEffect(() => {
    let lost = false;
    let stop = new AbortController();
    const read = async (signal: AbortSignal) => {
      // Seldom needed: not among what a page loads.
      const { readRights } = await import("#features/shell/read-rights.ts");
      await readRights(client, path, signal);
    };
    const forget = muster.onStatus((status) => {
      if (status === "reconnecting" || status === "offline") lost = true;
      // A page that goes on to another has nothing to follow for a moment: then it is connecting, and was lost all the same.
      if (status !== "live") return;
      const { rights = latest.current } = (muster.greeting ?? {}) as { readonly rights?: string };
      if (!lost && rights === latest.current) return;
      lost = false;
      stop.abort();
      stop = new AbortController();
      void read(stop.signal).catch(() => {});
    });
    return () => {
      stop.abort();
      forget();
    };
  }, [client, muster, path]);
}
