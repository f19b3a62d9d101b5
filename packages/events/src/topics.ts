/** Who listens to what: a set of listeners for each key, so that an event of one project looks at nobody else's. */
export class Topics<Key, Listener> {
  readonly #listeners = new Map<Key, Set<Listener>>();

  get isEmpty(): boolean {
    return this.#listeners.size === 0;
  }

  /** What somebody listens to. */
  keys(): Iterable<Key> {
    return this.#listeners.keys();
  }

  has(key: Key): boolean {
    return this.#listeners.has(key);
  }

  add(key: Key, listener: Listener): void {
    const there = this.#listeners.get(key);
    if (there) there.add(listener);
    else this.#listeners.set(key, new Set([listener]));
  }

  delete(key: Key, listener: Listener): void {
    const there = this.#listeners.get(key);
    if (there?.delete(listener) && there.size === 0) this.#listeners.delete(key);
  }

  /** The listeners of a key as they are now: adding and deleting meanwhile changes nothing for the caller. */
  of(key: Key): Listener[] {
    return [...(this.#listeners.get(key) ?? [])];
  }

  all(): Listener[] {
    return [...this.#listeners.values()].flatMap((listeners) => [...listeners]);
  }
}
