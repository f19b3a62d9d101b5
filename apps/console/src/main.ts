/**
 * The console's process: Next's server on 127.0.0.1, for as long as the launcher that started it lives. `NODE_ENV` is
 * "production" for a finished build or "development", `CONSOLE_PORT` where to listen (0: anywhere free).
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import createApp from "next";

const HOST = "127.0.0.1";
/** Longer than the server keeps a connection that it does not use. */
const IDLE_MS = 65_000;
const STOP_MS = 1_000;

const end = () => process.exit(0);
if (!process.connected) end();
process.once("disconnect", end);

const server = createServer((request, response) => {
  prepared
    .then((handle) => handle(request, response))
    .catch((error: unknown) => {
      console.error(error);
      response.destroy();
    });
});
server.keepAliveTimeout = IDLE_MS;
server.once("error", (error: NodeJS.ErrnoException) => {
  console.error(`Error: the console cannot listen on ${HOST}:${process.env["CONSOLE_PORT"]} (${error.code}).`);
  process.exit(1);
});
process.once("SIGTERM", () => {
  server.close(end);
  server.closeIdleConnections();
  setTimeout(end, STOP_MS).unref();
});

const listening = Promise.withResolvers<number>();
const prepared = listening.promise.then(async (port) => {
  const app = createApp({
    dev: process.env.NODE_ENV === "development",
    dir: fileURLToPath(new URL("..", import.meta.url)),
    hostname: HOST,
    port,
    httpServer: server,
  });
  await app.prepare();
  return app.getRequestHandler();
});
server.listen(Number(process.env["CONSOLE_PORT"]), HOST, () => {
  listening.resolve((server.address() as AddressInfo).port);
});
await prepared;
process.send?.({ type: "ready", port: await listening.promise });
