import { Agent, type IncomingMessage, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { Socket } from "node:net";
import { createProxyServer } from "httpxy";
import type { Logger } from "pino";
import { sendError } from "./answers.ts";
import { forwardedHeaders, returnedHeaders } from "./forwarded-headers.ts";
import { SECURITY_HEADERS, secureOwn } from "./security-headers.ts";

const SILENT_MS = 60_000;
const CONNECTED_MS = 10_000;

const STARTING = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <meta http-equiv="refresh" content="2">
    <title>Muster</title>
  </head>
  <body>
    <h1>The console is starting</h1>
    <p>This page loads again by itself every two seconds.</p>
  </body>
</html>
`;

export interface ConsoleProxy {
  /** Passes a request on and streams the answer back. A console that cannot be reached is answered for. */
  forward(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** Passes a WebSocket on: the reload socket of `next dev`. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Ends the connections to the console, and the sockets that were passed on. */
  close(): void;
}

/** Forwards to the console's process at `upstream`, and to nothing else: only the path is taken from the request. */
export function createConsoleProxy(upstream: string, log: Logger): ConsoleProxy {
  // Only with a timeout of its own does the agent mind how long the console keeps connections.
  const agent = new Agent({ keepAlive: true, timeout: SILENT_MS });
  const sockets = new Set<Duplex>();
  const options = { target: upstream, proxyTimeout: SILENT_MS, upgradeTimeout: CONNECTED_MS };
  const http = createProxyServer({ ...options, agent, selfHandleResponse: true });
  const webSockets = createProxyServer(options);

  // Not left to the library, which copies what speaks of its connection to the console, and our headers twice.
  http.on("proxyRes", (answer, _request, response) => {
    response.writeHead(answer.statusCode ?? 502, answer.statusMessage, returnedHeaders(answer, SECURITY_HEADERS));
    answer.pipe(response);
  });
  // The library notices errors of either side, not that one of them has just gone.
  webSockets.on("proxyReqWs", (outgoing, _request, socket) => {
    socket.once("close", () => outgoing.destroy());
    outgoing.once("upgrade", (_response, other: Socket) => {
      socket.once("close", () => other.destroy());
      other.once("close", () => socket.destroy());
    });
  });

  return {
    async forward(request, response) {
      request.headers = forwardedHeaders(request);
      try {
        await http.web(request, response);
      } catch (error) {
        if (response.destroyed) return;
        log.warn({ err: error }, "the console cannot be reached");
        if (response.headersSent) response.destroy();
        else sendStarting(request, response);
      }
    },
    upgrade(request, socket, head) {
      request.headers = { ...forwardedHeaders(request), connection: "upgrade", upgrade: "websocket" };
      sockets.add(socket);
      socket.once("close", () => sockets.delete(socket));
      webSockets.ws(request, socket as Socket, {}, head).catch((error: unknown) => {
        log.debug({ err: error }, "a socket to the console broke");
        socket.destroy();
      });
    },
    close() {
      agent.destroy();
      for (const socket of sockets) socket.destroy();
    },
  };
}

function sendStarting(request: IncomingMessage, response: ServerResponse): void {
  response.setHeader("retry-after", "2");
  if (!request.headers.accept?.includes("text/html")) {
    return sendError(response, 503, "UNAVAILABLE", "The console is starting. Try again in a few seconds.");
  }
  secureOwn(response);
  response.writeHead(503, { "content-type": "text/html; charset=utf-8" }).end(STARTING);
}
