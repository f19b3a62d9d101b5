import { LimitExceeded } from "@muster/domain/errors.ts";
import { networkOf } from "./client-address.ts";
import type { ConnectionLimits } from "./connection-limits.ts";
import { TokenBucket } from "./token-bucket.ts";

type Limits = Pick<
  ConnectionLimits,
  "requestsPerSecondPerAddress" | "refusalsPerSecondPerAddress" | "strangersPerAddress"
>;

interface Usage {
  /** Connections that have not shown a credential that works. */
  strangers: number;
  readonly requests: TokenBucket;
  readonly refusals: TokenBucket;
}

/** Addresses that have done nothing for a while are forgotten. */
const FORGET_EVERY_MS = 10_000;

/** Counts what each address asks for in this process, whoever it says it is. */
export class AddressUsage {
  readonly #limits: Limits;
  readonly #usages = new Map<string, Usage>();
  readonly #timer: NodeJS.Timeout;

  constructor(limits: Limits) {
    this.#limits = limits;
    this.#timer = setInterval(() => this.#forget(), FORGET_EVERY_MS);
    this.#timer.unref();
  }

  /** Counts a request, or an operation on a socket. Gives the milliseconds to wait when there are too many, else 0. */
  wait(address: string | null): number {
    return this.#of(address)?.requests.take() ?? 0;
  }

  /** As `wait`, and throws `LimitExceeded` when there are too many. */
  request(address: string | null): void {
    const wait = this.wait(address);
    if (wait === 0) return;
    throw new LimitExceeded(
      "address.rate",
      `Your address may send ${this.#limits.requestsPerSecondPerAddress} requests a second. Try again in ${wait} ms, or send less.`,
      wait,
    );
  }

  /** Counts a credential that did not work. */
  refused(address: string | null): void {
    this.#of(address)?.refusals.take();
  }

  /** The milliseconds until another credential of the address may be looked up, after too many did not work. */
  mustWait(address: string | null): number {
    return this.#of(address)?.refusals.wait() ?? 0;
  }

  /** Throws `LimitExceeded` while too many credentials of the address did not work: no further one is looked up for it. */
  assertMayTry(address: string | null): void {
    const wait = this.mustWait(address);
    if (wait === 0) return;
    throw new LimitExceeded(
      "address.refusals",
      `Too many credentials from your address did not work. Try again in ${wait} ms, with one that does.`,
      wait,
    );
  }

  /** Counts a connection as a stranger's, until the returned function is called; null when the address has too many of them. */
  enter(address: string | null): (() => void) | null {
    const usage = this.#of(address);
    if (!usage) return () => {};
    if (usage.strangers >= this.#limits.strangersPerAddress) return null;
    usage.strangers += 1;
    let counted = true;
    return () => {
      if (counted) usage.strangers -= 1;
      counted = false;
    };
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #of(address: string | null): Usage | null {
    if (address === null) return null;
    const network = networkOf(address);
    const there = this.#usages.get(network);
    if (there) return there;
    const usage = {
      strangers: 0,
      requests: new TokenBucket(this.#limits.requestsPerSecondPerAddress),
      refusals: new TokenBucket(this.#limits.refusalsPerSecondPerAddress),
    };
    this.#usages.set(network, usage);
    return usage;
  }

  #forget(): void {
    for (const [network, usage] of this.#usages) {
      if (usage.strangers === 0 && usage.requests.isFull() && usage.refusals.isFull()) this.#usages.delete(network);
    }
  }
}
