"use client";
import { type Client as MusterClient, createClient as createMusterClient } from "@muster/client/client.ts";
import { createContext, type ReactNode, use, useState } from "react";
import { Client, fetchExchange, mapExchange, Provider } from "urql";
import { createCache } from "#api/cache.ts";
import { hashOf, persistedFetch } from "#api/persisted.ts";
import { goToSignIn, isUnauthenticated, noteSignedIn } from "#api/session.ts";
import { wholeAnswersExchange } from "#api/whole-answers.ts";
import { cursorExchange } from "#live/cursor-exchange.ts";
import { followExchange } from "#live/follow-exchange.ts";

const MusterContext = createContext<MusterClient | null>(null);

/** The connection to the API, one a page load: queries over HTTP, feeds over one WebSocket, one cache beneath both. */
export function ApiProvider({ children }: { readonly children: ReactNode }) {
  const [{ muster, urql }] = useState(createApi);
  return (
    <MusterContext value={muster}>
      <Provider value={urql}>{children}</Provider>
    </MusterContext>
  );
}

/** The client that feeds run on: its status is the connection's. */
export function useMuster(): MusterClient {
  const muster = use(MusterContext);
  if (!muster) throw new Error("useMuster needs an ApiProvider above it.");
  return muster;
}

function createApi() {
  // While a page is prepared on the server there is no address, and nothing is asked.
  const origin = typeof location === "undefined" ? "http://localhost" : location.origin;
  const muster = createMusterClient({ url: origin, credentials: () => null, persisted: hashOf });
  const urql = new Client({
    url: `${origin}/graphql`,
    requestPolicy: "cache-and-network",
    preferGetMethod: false,
    fetch: persistedFetch,
    // One answer to one question: feeds have a socket of their own.
    fetchOptions: { headers: { accept: "application/graphql-response+json, application/json" } },
    exchanges: [
      mapExchange({
        onResult: ({ data }) => {
          if (data) noteSignedIn();
        },
        onError: (error) => {
          if (isUnauthenticated(error)) goToSignIn();
        },
      }),
      createCache(),
      wholeAnswersExchange(),
      cursorExchange(),
      followExchange(muster),
      fetchExchange,
    ],
  });
  return { muster, urql };
}
