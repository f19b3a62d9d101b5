const PAGE_BITS = 65_536n;

/** A set of event ids: one bit each, where there are any. */
export class EventNumbers {
  readonly #pages = new Map<bigint, Uint8Array>();

  /** Whether the id was not there yet. */
  add(id: bigint): boolean {
    const number = id / PAGE_BITS;
    let page = this.#pages.get(number);
    if (!page) this.#pages.set(number, (page = new Uint8Array(Number(PAGE_BITS) / 8)));
    const bit = Number(id % PAGE_BITS);
    const before = page[bit >> 3] ?? 0;
    page[bit >> 3] = before | (1 << (bit & 7));
    return (before & (1 << (bit & 7))) === 0;
  }

  has(id: bigint): boolean {
    const bit = Number(id % PAGE_BITS);
    return ((this.#pages.get(id / PAGE_BITS)?.[bit >> 3] ?? 0) & (1 << (bit & 7))) !== 0;
  }
}
