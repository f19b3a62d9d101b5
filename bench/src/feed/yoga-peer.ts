import { setMaxListeners } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { useServer } from "graphql-ws/use/ws";
import { createPubSub, createSchema, createYoga } from "graphql-yoga";
import { WebSocketServer } from "ws";
import { answerWithAddress, onPublish } from "./peer.ts";

/**
 * A peer: our schema and document, with what Yoga brings for subscriptions, wired to graphql-ws as its documentation says.
 * Every subscriber of an event gets the same bytes as from us.
 */
const SCHEMA = new URL("../../../schema.graphql", import.meta.url);
const KEEP_ALIVE_MS = 12_000;

interface Answer {
  readonly payload: { readonly data: { readonly agentTransitions: object } };
}
const { payload } = JSON.parse(process.env["MUSTER_BENCH_FRAME"] ?? "") as Answer;
const eventTarget = new EventTarget();
setMaxListeners(0, eventTarget);
const pubSub = createPubSub<{ transitions: [object] }>({ eventTarget: eventTarget as never });
const yoga = createYoga({
  schema: createSchema({
    typeDefs: readFileSync(SCHEMA, "utf8"),
    resolvers: {
      Subscription: {
        agentTransitions: {
          subscribe: () => pubSub.subscribe("transitions"),
          resolve: (frame: object) => frame,
        },
      },
    },
  }),
  logging: false,
});
const http = createServer((request, response) => void yoga(request, response));
const sockets = new WebSocketServer({ server: http, maxPayload: 262_144, perMessageDeflate: false });

interface Enveloped {
  execute(args: unknown): never;
  subscribe(args: unknown): never;
}
const enveloped = (args: { readonly rootValue?: unknown }) => args.rootValue as Enveloped;

useServer(
  {
    execute: (args) => enveloped(args).execute(args),
    subscribe: (args) => enveloped(args).subscribe(args),
    onSubscribe: async (_context, _id, params) => {
      const { schema, execute, subscribe, contextFactory, parse, validate } = yoga.getEnveloped({ params } as never);
      const document = parse(params.query);
      const errors = validate(schema, document) as never[];
      if (errors.length > 0) return errors;
      return {
        schema,
        document,
        operationName: params.operationName ?? null,
        variableValues: params.variables ?? null,
        contextValue: await contextFactory(),
        rootValue: { execute, subscribe },
      } as never;
    },
  },
  sockets,
  KEEP_ALIVE_MS,
);
onPublish(() => pubSub.publish("transitions", payload.data.agentTransitions));
answerWithAddress(http);
