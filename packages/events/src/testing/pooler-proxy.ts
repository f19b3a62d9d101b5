import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

/** Something between us and PostgreSQL that passes everything on but notifications. */
export interface PoolerProxy {
  /** The database's URL, by way of the proxy. */
  readonly url: string;
  /** Notifications that did not arrive so far. */
  swallowed(): number;
  /** Whether notifications pass too, from now on; not at first. */
  letPass(passing: boolean): void;
  close(): Promise<void>;
}

const NOTIFICATION_RESPONSE = "A".charCodeAt(0);
const READY_FOR_QUERY = "Z".charCodeAt(0);

/**
 * Swallows what a pooler in transaction mode does: notifications that come while the client is between two transactions,
 * when the server's connection is not lent to it. An echo of the client's own NOTIFY comes before its end, and passes.
 */
export async function startPoolerProxy(databaseUrl: string): Promise<PoolerProxy> {
  const target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  let swallowed = 0;
  let passing = false;

  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    let lent = true;
    let rest = Buffer.alloc(0);
    client.on("data", (data) => {
      lent = true;
      upstream.write(data);
    });
    // After the start-up, each message is a type, its length without the type, and so many bytes.
    upstream.on("data", (data) => {
      rest = Buffer.concat([rest, data]);
      while (rest.length >= 5 && rest.length > rest.readUInt32BE(1)) {
        const message = rest.subarray(0, 1 + rest.readUInt32BE(1));
        rest = rest.subarray(message.length);
        if (message[0] === READY_FOR_QUERY) lent = false;
        if (message[0] !== NOTIFICATION_RESPONSE || lent || passing) client.write(message);
        else swallowed += 1;
      }
    });
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(one);
      one.on("error", () => {});
      one.on("close", () => {
        sockets.delete(one);
        other.destroy();
      });
    }
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = new URL(databaseUrl);
  url.hostname = "127.0.0.1";
  url.port = String((server.address() as { port: number }).port);
  return {
    url: url.href,
    swallowed: () => swallowed,
    letPass: (pass) => {
      passing = pass;
    },
    async close() {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, "close");
    },
  };
}
