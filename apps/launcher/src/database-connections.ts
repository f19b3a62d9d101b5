export interface ServerCount {
  readonly replicas: number;
  /** What the user wants each server's pool to hold at most; undefined: as many as fit, but no more than are useful. */
  readonly wanted: number | undefined;
}

export interface DatabaseConnections {
  /** The most that each of a server's pools may hold. */
  readonly ofServer: number;
  /** Of all servers together, with what each opens besides its pools and a few for people. */
  readonly inAll: number;
}

/** A server's own, and that of callers with a limited reach. */
const POOLS = 2;
const MOST = 20;
const LEAST = 4;
/** The feed's, for catching up, the tail and wake-ups; the sealer's, deliveries and retention. */
const BESIDES = 10;
const SPARE = 10;

/** Divides what a PostgreSQL allows among servers. With many of them, `inAll` may be more than that. */
export function databaseConnections({ replicas, wanted }: ServerCount, allowed: number): DatabaseConnections {
  const fitting = Math.floor((Math.floor((allowed - SPARE) / replicas) - BESIDES) / POOLS);
  const ofServer = wanted ?? Math.max(LEAST, Math.min(MOST, fitting));
  return { ofServer, inAll: replicas * (POOLS * ofServer + BESIDES) + SPARE };
}
