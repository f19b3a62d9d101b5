export interface RecentKeys {
  has(key: string): boolean;
  add(key: string): void;
}

/** Remembers the last `limit` keys: enough to recognise what is delivered again. */
export function createRecentKeys(limit: number): RecentKeys {
  const keys = new Set<string>();
  return {
    has: (key) => keys.has(key),
    add(key) {
      keys.add(key);
      const [oldest] = keys;
      if (keys.size > limit && oldest !== undefined) keys.delete(oldest);
    },
  };
}
