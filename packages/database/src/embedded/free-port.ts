import { randomInt } from "node:crypto";
import { createServer } from "node:net";

/** Below the ports that systems give to connections: one of these could be taken again before anybody listens on it. */
const PORTS = { from: 20_000, count: 12_000 };

/** A port on 127.0.0.1 that was free a moment ago. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = PORTS.from + randomInt(PORTS.count);
    const server = createServer();
    const free = await new Promise<boolean>((resolve) => {
      server.once("error", () => resolve(false));
      server.listen(port, "127.0.0.1", () => resolve(true));
    });
    await new Promise((resolve) => server.close(resolve));
    if (free) return port;
  }
}
