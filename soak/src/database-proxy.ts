import { type AddressInfo, createServer } from "node:net";
import type { CommitPoint } from "./commit-watch.ts";
import { type Hold, ProxiedConnection } from "./proxied-connection.ts";

/** Stands between one replica and PostgreSQL, and passes everything on but what it was told to hold back. */
export interface DatabaseProxy {
  readonly port: number;
  /** While true, notifications are dropped on their way to the replica. */
  swallowsNotifications: boolean;
  /** How many were dropped. */
  swallowed: number;
  /**
   * Stops the next commit of one of the run's writers at this point; from then on nothing passes on its connection.
   * Resolves with the commit's mark once it is stopped, or null when `signal` aborts first.
   */
  holdCommit(point: CommitPoint, signal: AbortSignal): Promise<string | null>;
  close(): void;
}

/** What the connections of a proxy share. */
export interface ProxyState {
  hold: Hold | null;
  swallowsNotifications: boolean;
  swallowed: number;
}

export async function startDatabaseProxy(databasePort: number): Promise<DatabaseProxy> {
  const connections = new Set<ProxiedConnection>();
  const state: ProxyState = { hold: null, swallowsNotifications: false, swallowed: 0 };
  const server = createServer({ noDelay: true }, (frontend) => {
    const connection = new ProxiedConnection(frontend, databasePort, state, () => connections.delete(connection));
    connections.add(connection);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return Object.assign(state, {
    port: (server.address() as AddressInfo).port,
    holdCommit(point: CommitPoint, signal: AbortSignal) {
      return new Promise<string | null>((resolve) => {
        const hold: Hold = { point, stopped: resolve };
        state.hold = hold;
        signal.addEventListener("abort", () => {
          if (state.hold === hold) state.hold = null;
          resolve(null);
        });
      });
    },
    close() {
      server.close();
      for (const connection of connections) connection.destroy();
    },
  });
}
