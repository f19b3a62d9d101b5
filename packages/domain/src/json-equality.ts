import type { Json } from "./json.ts";

/** Gives equal JSON values equal numbers, so that comparing them costs the same whatever their size. Values must not change meanwhile. */
export class EqualityNumbers {
  /** Of numbers, texts, true, false and null: as they are, since a Map tells them apart as JSON does. */
  readonly #scalars = new Map<Json, number>();
  /** Of lists and objects: the numbers of what they hold, as text. */
  readonly #containers = new Map<string, number>();
  readonly #known = new WeakMap<object, number>();
  #next = 0;

  of(value: Json): number {
    if (typeof value !== "object" || value === null) return this.#numberOf(this.#scalars, value);
    const known = this.#known.get(value);
    if (known !== undefined) return known;
    const number = this.#numberOf(this.#containers, this.#describe(value));
    this.#known.set(value, number);
    return number;
  }

  equal(one: Json, other: Json): boolean {
    return one === other || this.of(one) === this.of(other);
  }

  #describe(value: readonly Json[] | { readonly [key: string]: Json }): string {
    if (Array.isArray(value)) {
      let text = "[";
      for (const element of value as readonly Json[]) text += `${this.of(element)},`;
      return text;
    }
    const object = value as { readonly [key: string]: Json };
    let text = "{";
    for (const key of Object.keys(object).sort()) text += `${this.of(key)}:${this.of(object[key] as Json)},`;
    return text;
  }

  #numberOf<Key>(numbers: Map<Key, number>, key: Key): number {
    const known = numbers.get(key);
    if (known !== undefined) return known;
    numbers.set(key, this.#next);
    return this.#next++;
  }
}
