import { once } from "node:events";
import { createServer } from "node:net";
import { LauncherError } from "./launcher-error.ts";

/** Throws a `LauncherError`, which names the option, when nothing of ours could listen on the port of the address. */
export async function assertPortFree(host: string, port: number, option: string): Promise<void> {
  const server = createServer().listen(port, host);
  try {
    await once(server, "listening");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EADDRINUSE") {
      throw new LauncherError(
        `Port ${port} is already in use: stop what listens there, or choose another one with ${option}.`,
      );
    }
    if (code === "EACCES") {
      throw new LauncherError(`Listening on port ${port} is not allowed: choose one above 1023 with ${option}.`);
    }
    if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND") {
      throw new LauncherError(
        `${host} is not an address of this machine: choose another one with --host (or MUSTER_HOST).`,
      );
    }
    throw error;
  }
  server.close();
  await once(server, "close");
}

/** Throws a `LauncherError` where the system does not spread connections over several processes that listen on one port. */
export async function assertPortShareable(host: string): Promise<void> {
  const server = createServer().listen({ port: 0, host, reusePort: true });
  try {
    await once(server, "listening");
  } catch (error) {
    throw new LauncherError(
      "This operating system does not let several processes share a port (SO_REUSEPORT): leave out --replicas (or MUSTER_REPLICAS).",
      { cause: error },
    );
  }
  server.close();
  await once(server, "close");
}
