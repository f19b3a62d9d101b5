import type { Credential } from "./authentication.ts";

/** How many credentials are looked up at once in a check. */
const AT_ONCE = 4;

interface Holder {
  readonly credential: Credential;
  readonly closers: Set<() => void>;
}

/** Sockets and streams that outlast the moment at which their credential was checked. A credential that ends closes them. */
export class OpenConnections {
  readonly #holders = new Map<string, Holder>();

  /**
   * Remembers a connection; call it before the credential is looked up, so that none ends in between unseen. `close` is
   * called when the credential ends. The function returned forgets the connection, and may be called twice.
   */
  add(credential: Credential, close: () => void): () => void {
    const holder = this.#holders.get(credential.secret) ?? { credential, closers: new Set() };
    this.#holders.set(credential.secret, holder);
    // One function may stand for several connections.
    const closer = () => close();
    holder.closers.add(closer);
    return () => {
      holder.closers.delete(closer);
      if (holder.closers.size === 0 && this.#holders.get(credential.secret) === holder) {
        this.#holders.delete(credential.secret);
      }
    };
  }

  /** Closes the connections that were opened with this secret, at once. */
  end(secret: string): void {
    const holder = this.#holders.get(secret);
    this.#holders.delete(secret);
    for (const close of holder?.closers ?? []) close();
  }

  /**
   * Looks all credentials up again and closes the connections of those that have ended. A look-up that fails says nothing
   * about a credential: it ends the check, and everything stays open until the next one.
   */
  async check(isLive: (credential: Credential) => Promise<boolean>): Promise<void> {
    const waiting = [...this.#holders.values()];
    const work = async () => {
      for (let next = waiting.pop(); next; next = waiting.pop()) {
        if (!(await isLive(next.credential))) this.end(next.credential.secret);
      }
    };
    try {
      await Promise.all(Array.from({ length: AT_ONCE }, work));
    } finally {
      waiting.length = 0;
    }
  }
}
