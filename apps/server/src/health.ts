import type { Database } from "@muster/database/database.ts";
import { statement } from "@muster/database/statement.ts";

const ping = statement<{ ok: number }>("select 1 as ok");

export interface Readiness {
  readonly ready: boolean;
  readonly checks: { readonly database: "up" | "down"; readonly accepting: boolean };
}

export interface Health {
  /** Whether requests should be sent here now. */
  readiness(): Promise<Readiness>;
  /** From now on not ready: the first step of shutting down. */
  stopAccepting(): void;
}

/** Readiness: the database answers within two seconds, and the process is not shutting down. */
export function createHealth(database: Database): Health {
  let accepting = true;
  return {
    async readiness() {
      const up = await Promise.race([
        database.run(ping, []).then(
          () => true,
          () => false,
        ),
        new Promise<boolean>((resolve) => setTimeout(resolve, 2_000, false).unref()),
      ]);
      return { ready: up && accepting, checks: { database: up ? "up" : "down", accepting } };
    },
    stopAccepting() {
      accepting = false;
    },
  };
}
