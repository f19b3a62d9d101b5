/** Resolves once the page is in front. Rejects when it is told to stop. */
export function inFront(signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  if (document.visibilityState === "visible") return Promise.resolve();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  document.addEventListener("visibilitychange", () => resolve(), { once: true, signal });
  signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
  return promise.then(() => inFront(signal));
}
