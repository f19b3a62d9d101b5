import type { CredentialChange, Standing } from "@muster/identity/credential-changes.ts";
import type { Credential } from "./authentication.ts";

/** How many credentials are looked up at once in a check. */
const AT_ONCE = 4;
const EXPIRY_CHECK_MS = 250;

/** Why a connection has to close: its credential works no more, or may mean something else now. */
export type Ending = "ENDED" | "CHANGED";

/** Ends a connection so that nothing is sent on it any more, at once. Must not throw. */
export type Close = (ending: Ending) => void;

/** A connection that is remembered. */
export interface OpenConnection {
  /** Says what its credential stands on, whenever it was looked up. Closes what has ended while it was looked up. */
  standsOn(standing: Standing): void;
  /** Forgets it; may be called twice. */
  forget(): void;
}

interface Holder {
  readonly credential: Credential;
  readonly closers: Set<Close>;
  /** null until it was looked up. */
  standing: Standing | null;
  /** What changed while it was not known on what it stands. */
  missed: CredentialChange[];
}

/**
 * Sockets, streams and requests that outlast the moment at which their credential was checked. A credential that ends closes them,
 * and so does a change of what it stands for.
 */
export class OpenConnections {
  readonly #holders = new Map<string, Holder>();
  readonly #unknown = new Set<Holder>();
  readonly #standing = new Map<string, Set<Holder>>();
  readonly #timer: NodeJS.Timeout;

  constructor() {
    this.#timer = setInterval(() => this.#expireAll(Date.now()), EXPIRY_CHECK_MS);
    this.#timer.unref();
  }

  /** Remembers a connection; call it before the credential is looked up, so that none ends in between unseen. */
  add(credential: Credential, close: Close): OpenConnection {
    const holder = this.#holders.get(credential.secret) ?? this.#hold(credential);
    // One function may stand for several connections.
    const closer: Close = (ending) => close(ending);
    holder.closers.add(closer);
    return {
      standsOn: (standing) => {
        if (holder.closers.has(closer)) this.#stands(holder, standing);
      },
      forget: () => {
        if (holder.closers.delete(closer) && holder.closers.size === 0) this.#forget(holder);
      },
    };
  }

  /** Closes the connections that were opened with this secret, at once. */
  end(secret: string): void {
    const holder = this.#holders.get(secret);
    if (holder) this.#close(holder, "ENDED");
  }

  /** Closes what stands on a credential that has changed, at once: nothing is sent on it any more when this returns. */
  change(changes: readonly CredentialChange[]): void {
    for (const change of changes) {
      for (const holder of this.#unknown) holder.missed.push(change);
      for (const holder of this.#standing.get(change.id) ?? []) this.#apply(holder, change);
    }
  }

  /**
   * Looks all credentials up again and closes the connections of those that have ended. A look-up that fails says nothing
   * about a credential: it ends the check, and everything stays open until the next one.
   */
  async check(find: (credential: Credential) => Promise<Standing | null>): Promise<void> {
    const waiting = [...this.#holders.values()];
    const work = async () => {
      for (let next = waiting.pop(); next; next = waiting.pop()) {
        const standing = await find(next.credential);
        if (standing === null) this.end(next.credential.secret);
        else if (next.closers.size > 0) this.#stands(next, standing);
      }
    };
    try {
      await Promise.all(Array.from({ length: AT_ONCE }, work));
    } finally {
      waiting.length = 0;
    }
  }

  /** Nothing expires any more. */
  stop(): void {
    clearInterval(this.#timer);
  }

  #hold(credential: Credential): Holder {
    const holder: Holder = { credential, closers: new Set(), standing: null, missed: [] };
    this.#holders.set(credential.secret, holder);
    this.#unknown.add(holder);
    return holder;
  }

  #stands(holder: Holder, standing: Standing): void {
    this.#unstand(holder);
    this.#unknown.delete(holder);
    const missed = holder.missed.filter((change) => standing.ids.includes(change.id));
    holder.missed = [];
    holder.standing = standing;
    for (const id of standing.ids) {
      const there = this.#standing.get(id);
      if (there) there.add(holder);
      else this.#standing.set(id, new Set([holder]));
    }
    for (const change of missed) this.#apply(holder, change);
  }

  #apply(holder: Holder, change: CredentialChange): void {
    const { standing } = holder;
    if (!standing) return;
    if (change.kind !== "EXPIRES") return this.#close(holder, change.kind);
    const before = standing.expiresAt?.getTime() ?? Number.POSITIVE_INFINITY;
    holder.standing = { ...standing, expiresAt: new Date(Math.min(before, change.at.getTime())) };
    this.#expire(holder, Date.now());
  }

  #unstand(holder: Holder): void {
    for (const id of holder.standing?.ids ?? []) {
      const there = this.#standing.get(id);
      if (there?.delete(holder) && there.size === 0) this.#standing.delete(id);
    }
    holder.standing = null;
  }

  #forget(holder: Holder): void {
    this.#unstand(holder);
    this.#unknown.delete(holder);
    if (this.#holders.get(holder.credential.secret) === holder) this.#holders.delete(holder.credential.secret);
  }

  #close(holder: Holder, ending: Ending): void {
    this.#forget(holder);
    const closers = [...holder.closers];
    holder.closers.clear();
    for (const close of closers) close(ending);
  }

  #expire(holder: Holder, now: number): void {
    const expiresAt = holder.standing?.expiresAt;
    if (expiresAt && expiresAt.getTime() <= now) this.#close(holder, "ENDED");
  }

  #expireAll(now: number): void {
    for (const holder of this.#holders.values()) this.#expire(holder, now);
  }
}
