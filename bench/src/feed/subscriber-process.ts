import { randomUUID } from "node:crypto";
import WebSocket from "ws";
import type { Opening, Received, SubscriberRequest } from "./subscribers.ts";

/** A process of subscribers, each with a socket of its own, that speak graphql-transport-ws and count what they get. */
const AT_ONCE = 40;
const KEPT_DELAYS = 200_000;

const groups = new Map<string, WebSocket[]>();
let events = 0;
let frames = 0;
let caughtUp = false;
let sample: string | null = null;
let delays: number[] = [];

process.on("message", (request: SubscriberRequest) => {
  handle(request).catch((error: Error) => fail(error.message));
});
process.on("disconnect", () => process.exit(0));

async function handle(request: SubscriberRequest): Promise<void> {
  if (request.type === "open") await open(request);
  if (request.type === "close") await close(request.group);
  const received: Received = { events, frames, caughtUp, sample, delays };
  if (request.type === "take") {
    events = frames = 0;
    sample = null;
    caughtUp = false;
    delays = [];
  }
  process.send?.({ received });
}

async function open({ group, url, key, subscriptions, timed, greets }: Opening): Promise<void> {
  const sockets = groups.get(group) ?? [];
  groups.set(group, sockets);
  const waiting = [...subscriptions];
  const work = async () => {
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      const socket = new WebSocket(`${url.replace("http", "ws")}/graphql`, "graphql-transport-ws", {
        perMessageDeflate: false,
      });
      sockets.push(socket);
      await subscribed(socket, key, next, { timed, greets });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

/** Resolves when events would come: with `greets` the first frame says so, else the answer to a ping sent after it. */
function subscribed(
  socket: WebSocket,
  key: string,
  payload: object,
  { timed, greets }: { timed: boolean; greets: boolean },
): Promise<void> {
  return new Promise((resolve) => {
    // As clients do: an id of its own for every subscription.
    const id = randomUUID();
    socket.on("open", () => {
      socket.send(JSON.stringify({ type: "connection_init", payload: { authorization: `Bearer ${key}` } }));
    });
    socket.on("message", (data: Buffer) => {
      if (data.includes('"type":"next"')) {
        count(data, timed);
        if (greets) resolve();
      } else if (data.includes('"connection_ack"')) {
        socket.send(JSON.stringify({ id, type: "subscribe", payload }));
        socket.send('{"type":"ping"}');
      } else if (data.includes('"type":"pong"')) {
        if (!greets) resolve();
      } else if (data.includes('"type":"ping"')) socket.send('{"type":"pong"}');
      else fail(`Unexpected: ${data.toString()}`);
    });
    socket.on("error", (error) =>
      fail(`${error.message}. Each subscriber has a socket: is \`ulimit -n\` high enough?`),
    );
    socket.on("close", (code, reason) => fail(`A socket was closed with ${code} ${reason.toString()}`));
  });
}

function count(data: Buffer, timed: boolean): void {
  frames += 1;
  if (data.includes('"EventDelivery"')) {
    events += 1;
    sample ??= data.toString();
    if (timed && delays.length < KEPT_DELAYS) delays.push(delayOf(data.toString()));
  } else if (data.includes('"caughtUp":true')) caughtUp = true;
  else if (data.includes('"ResyncRequired"') || data.includes('"errors"')) fail(`Unexpected: ${data.toString()}`);
}

/** Milliseconds since the event's own time, by this machine's clock. */
function delayOf(text: string): number {
  const at = /"at":"([^"]+)"/.exec(text)?.[1] ?? "";
  return performance.timeOrigin + performance.now() - Date.parse(at);
}

async function close(group: string): Promise<void> {
  const sockets = groups.get(group) ?? [];
  groups.delete(group);
  await Promise.all(
    sockets.map(
      (socket) =>
        new Promise<void>((resolve) => {
          socket.removeAllListeners("close");
          socket.once("close", () => resolve());
          socket.close();
        }),
    ),
  );
}

function fail(message: string): void {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
