/** Where the servers are: any of them answers, and continues any cursor. */
export interface Origins {
  /** Where the next request or connection goes. */
  readonly current: string;
  /** `origin` cannot be reached, or was lost: from now on it is the next one's turn. */
  failed(origin: string): void;
}

/**
 * Begins at a random one, so that many clients with the same list spread over it.
 * @throws TypeError without any address
 */
export function createOrigins(urls: string | readonly string[], random: () => number = Math.random): Origins {
  const origins = (typeof urls === "string" ? [urls] : urls).map((url) => url.replace(/\/+$/, ""));
  let index = Math.floor(random() * origins.length);
  const current = () => {
    const origin = origins[index];
    if (origin === undefined) throw new TypeError("A client needs the address of at least one server.");
    return origin;
  };
  current();
  return {
    get current() {
      return current();
    },
    failed(origin) {
      // Many connections may report the same loss: only the first one moves on.
      if (origin === current()) index = (index + 1) % origins.length;
    },
  };
}
