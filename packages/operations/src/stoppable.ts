/**
 * What a generator yields, until it ends or whoever iterates has had enough: then its signal aborts. By itself a generator would end only
 * when what it waits for has come.
 */
export function stoppable<Value>(
  generate: (signal: AbortSignal) => AsyncGenerator<Value, void, void>,
): AsyncIterableIterator<Value> {
  const stop = new AbortController();
  const values = generate(stop.signal);
  const iterator: AsyncIterableIterator<Value> = {
    next: () => values.next(),
    return() {
      stop.abort();
      return values.return();
    },
    [Symbol.asyncIterator]: () => iterator,
  };
  return iterator;
}
