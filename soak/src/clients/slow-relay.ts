import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** A way to a server on which what the server sends can be held up, as behind a broken or hostile reader. */
export interface SlowRelay {
  readonly url: string;
  /** From now on nothing is taken from the server, or one byte a second. */
  slowDown(how: "stalled" | "one byte a second"): void;
  /** From now on everything is taken as fast as it comes. */
  release(): void;
  close(): void;
}

export async function startSlowRelay(serverPort: number): Promise<SlowRelay> {
  const pairs = new Map<Socket, Socket>();
  let pace: "free" | "stalled" | "one byte a second" = "free";
  const trickle = setInterval(() => {
    if (pace !== "one byte a second") return;
    for (const [server, client] of pairs) {
      const byte = server.read(1) as Buffer | null;
      if (byte) client.write(byte);
    }
  }, 1_000);
  // Paused streams, read by hand: what is not read stays in the kernel, and then with the sender.
  const drain = (server: Socket, client: Socket) => {
    if (pace !== "free") return;
    for (let chunk = server.read() as Buffer | null; chunk; chunk = server.read() as Buffer | null) client.write(chunk);
  };
  const relay = createServer((client) => {
    const server = connect({ port: serverPort, host: "127.0.0.1" });
    pairs.set(server, client);
    server.on("readable", () => drain(server, client));
    server.on("end", () => client.end());
    client.pipe(server);
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      from.on("error", () => {});
      from.on("close", () => {
        pairs.delete(server);
        to.destroySoon();
      });
    }
  });
  await new Promise<void>((resolve) => relay.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(relay.address() as AddressInfo).port}`,
    slowDown(how) {
      pace = how;
    },
    release() {
      pace = "free";
      for (const [server, client] of pairs) drain(server, client);
    },
    close() {
      clearInterval(trickle);
      relay.close();
      for (const [server, client] of pairs) {
        server.destroy();
        client.destroy();
      }
    },
  };
}
