import { LimitExceeded } from "@muster/domain/errors.ts";
import { TokenBucket } from "./token-bucket.ts";

/** What one client may take of a server process. */
export interface ConnectionLimits {
  /** Sockets and streams that are open at once with one credential. */
  readonly connectionsPerCredential: number;
  /** Operations that are open at once on one socket. */
  readonly operationsPerSocket: number;
  /** Operations a second with one credential, over all transports; as many at once. */
  readonly operationsPerSecond: number;
  /** Messages a second on one socket; as many at once. */
  readonly messagesPerSecond: number;
  /** Requests and operations on sockets a second from one address, whoever sends them; as many at once. */
  readonly requestsPerSecondPerAddress: number;
  /** Credentials that do not work, a second from one address; as many at once. Then it has to wait. */
  readonly refusalsPerSecondPerAddress: number;
  /** Connections of one address that have not shown a credential that works. */
  readonly strangersPerAddress: number;
  /** How long a client may take to send the head of a request, and how long for the whole of it. */
  readonly headMs: number;
  readonly requestMs: number;
  /** Bytes that may wait in a connection before a live subscription on it ends. */
  readonly bufferBytes: number;
  /** A peer that is silent for this long is asked whether it is there; it has as long to answer. */
  readonly keepAliveMs: number;
}

interface Usage {
  connections: number;
  readonly operations: TokenBucket;
}

/** Credentials that have done nothing for a while are forgotten. */
const FORGET_EVERY_MS = 60_000;

/** Counts what each credential has open and asks for in this process: a key with all tokens that were made with it, or a session. */
export class CredentialUsage {
  readonly #limits: ConnectionLimits;
  readonly #usages = new Map<string, Usage>();
  readonly #known = new Map<string, number>();
  readonly #timer: NodeJS.Timeout;

  constructor(limits: ConnectionLimits) {
    this.#limits = limits;
    this.#timer = setInterval(() => this.#forget(), FORGET_EVERY_MS);
    this.#timer.unref();
  }

  /** Counts a connection until the returned function is called; null when there are too many. */
  connect(id: string): (() => void) | null {
    const usage = this.#of(id);
    if (usage.connections >= this.#limits.connectionsPerCredential) return null;
    usage.connections += 1;
    let open = true;
    return () => {
      if (open) usage.connections -= 1;
      open = false;
    };
  }

  /** Counts an operation. Throws `LimitExceeded` when there are too many. */
  operate(id: string): void {
    const wait = this.#of(id).operations.take();
    if (wait === 0) return;
    const { operationsPerSecond } = this.#limits;
    throw new LimitExceeded(
      "operations.rate",
      `These credentials may send ${operationsPerSecond} operations a second. Try again in ${wait} ms, or send less.`,
      wait,
    );
  }

  /** Remembers that this secret works. */
  know(secret: string): void {
    this.#known.set(secret, performance.now());
  }

  /** Whether this secret has worked here lately. */
  knows(secret: string): boolean {
    return this.#known.has(secret);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #of(id: string): Usage {
    const there = this.#usages.get(id);
    if (there) return there;
    const usage = { connections: 0, operations: new TokenBucket(this.#limits.operationsPerSecond) };
    this.#usages.set(id, usage);
    return usage;
  }

  #forget(): void {
    const longAgo = performance.now() - FORGET_EVERY_MS;
    for (const [secret, seenAt] of this.#known) if (seenAt < longAgo) this.#known.delete(secret);
    for (const [id, usage] of this.#usages) {
      if (usage.connections === 0 && usage.operations.isFull()) this.#usages.delete(id);
    }
  }
}

/** The error for an operation too many on one socket. */
export function tooManyOperations(limits: ConnectionLimits): LimitExceeded {
  return new LimitExceeded(
    "operations.open",
    `A socket may have ${limits.operationsPerSocket} operations open at once. End one, or open another socket.`,
  );
}

/** The error for a connection too many with one credential. */
export function tooManyConnections(limits: ConnectionLimits): LimitExceeded {
  return new LimitExceeded(
    "connections.open",
    `These credentials may have ${limits.connectionsPerCredential} sockets and streams open at once. Close one first.`,
    5_000,
  );
}
