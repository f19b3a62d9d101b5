import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Server as TlsServer } from "node:tls";

export interface Address {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** Whether other processes of this user may listen there too; the system spreads new connections over all of them. */
  readonly reusePort: boolean;
}

const PROBLEMS: Readonly<Record<string, (port: number) => string>> = {
  EADDRINUSE: (port) => `Port ${port} is taken. Choose another one with --port, or stop what uses it.`,
  ENOTSUP: () =>
    "This operating system does not let several processes share a port: set MUSTER_REUSE_PORT to 0, and start one server.",
};

/** Listens, and gives the URL under which this machine reaches the server. Rejects with a sentence when that is not possible. */
export async function listen(server: Server, { host, port, reusePort }: Address): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const problem = PROBLEMS[error.code ?? ""]?.(port);
      reject(problem ? new Error(problem, { cause: error }) : error);
    });
    server.listen({ port, host, reusePort }, resolve);
  });
  const address = server.address() as AddressInfo;
  const name = host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host;
  const scheme = server instanceof TlsServer ? "https" : "http";
  return `${scheme}://${name.includes(":") ? `[${name}]` : name}:${address.port}`;
}
