import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { BlockList } from "node:net";
import { openDatabase } from "@muster/database/database.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { openFeed } from "@muster/events/feed.ts";
import { Cohorts } from "@muster/graphql/live/cohorts.ts";
import { demand } from "@muster/graphql/permissions.ts";
import { KnownOperations } from "@muster/graphql/persisted-operations/known-operations.ts";
import { createApiKey } from "@muster/identity/api-keys/create-api-key.ts";
import { observeCredentialChanges } from "@muster/identity/credential-changes.ts";
import { forgetCredentials, relyOnFeed } from "@muster/identity/recent-answers.ts";
import { issueToken } from "@muster/identity/tokens/issue-token.ts";
import { authorize, systemCaller } from "@muster/operations/authorize.ts";
import { Assignments } from "@muster/operations/inbox/assignments.ts";
import { DEFAULT_SETTINGS } from "@muster/operations/settings.ts";
import { TaskWatch } from "@muster/operations/tasks/task-watch.ts";
import { authenticated, credentialOf } from "@muster/server/authentication.ts";
import { clientAddress } from "@muster/server/client-address.ts";
import { createPipeline } from "@muster/server/graphql-pipeline.ts";
import { listen } from "@muster/server/listen.ts";
import { createLogger } from "@muster/server/logger.ts";
import { OpenConnections } from "@muster/server/open-connections.ts";
import { isOfThisOrigin } from "@muster/server/request-origin.ts";
import { sessionTokenIn } from "@muster/server/session-cookie.ts";
import { certificateOf } from "@muster/server/tls-certificate.ts";
import { PROJECT } from "../fleet.ts";

/**
 * One process that answers GraphQL at two paths: /with finds out who asks, as the server does, and /without is told. Everything else is the
 * same at both.
 */
const url = process.env["DATABASE_URL"] ?? "";
const onError = (error: Error) => process.stderr.write(`${error.stack}\n`);
const database = openDatabase({ url, onError });
const feed = await openFeed({ url, onError });
const runtime = {
  database,
  settings: { ...DEFAULT_SETTINGS, encryptionKey: randomBytes(32) },
  committed: () => feed.committed(),
};
const connections = new OpenConnections();
relyOnFeed(database, () => feed.tail.confirmedAt);
observeCredentialChanges(feed, (changes) => {
  forgetCredentials(database, changes && changes.map(({ id }) => id));
  if (changes) connections.change(changes);
});
const known = new KnownOperations({ runtime, shipped: async () => new Map(), only: false });
const services = {
  runtime,
  feed,
  cohorts: new Cohorts(feed),
  assignments: new Assignments(runtime, onError),
  taskWatch: new TaskWatch(runtime, onError),
};
const pipeline = createPipeline(services, { known, introspection: true }, createLogger("silent"));
const nobodyTrusted = new BlockList();

const { apiKey, key } = await createApiKey(runtime, systemCaller("bench"), {
  projectId: PROJECT,
  name: "bench",
  role: "OPERATOR",
});
const found = await authenticated(database, credentialOf(`Bearer ${key}`, null), "bench");
if (!found) throw new Error("The key does not work.");
const { caller } = found;
const { token } = await issueToken(
  runtime,
  { ...caller, origin: { credentialId: apiKey.id, address: null } },
  { lifetimeSeconds: 3_600 },
);

const gone = new AbortController().signal;
async function withAuthentication(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const sessionToken = isOfThisOrigin(request) ? sessionTokenIn(request) : null;
  const credential = credentialOf(request.headers.authorization, sessionToken, certificateOf(request));
  if (!credential) return void response.writeHead(401).end();
  const connection = connections.add(credential, () => response.destroy());
  response.once("close", connection.forget);
  const asking = await authenticated(database, credential, "bench", clientAddress(request, nobodyTrusted));
  if (!asking) return void response.writeHead(401).end();
  connection.standsOn(asking.standing);
  await pipeline.handle(request, response, { caller: asking.caller, gone });
}

const server = createServer((request, response) => {
  const isWith = request.url === "/with";
  request.url = "/graphql";
  void (isWith ? withAuthentication(request, response) : pipeline.handle(request, response, { caller, gone }));
});
process.send?.({
  url: await listen(server, { host: "127.0.0.1", port: 0, reusePort: false }),
  key,
  token,
  authorizationMicroseconds: authorizationTime(caller),
});
process.on("SIGTERM", () => process.exit(0));

/** What a query for one agent asks: may the caller see this type of node, and agents at all, and in what reach. */
function authorizationTime(asking: Caller): number {
  const times = 200_000;
  const once = () => {
    demand(asking.actor, "agent.read");
    return authorize(asking, "agent.read").actor.reach;
  };
  for (let time = 0; time < times; time += 1) once();
  const begun = performance.now();
  for (let time = 0; time < times; time += 1) once();
  return ((performance.now() - begun) * 1_000) / times;
}
