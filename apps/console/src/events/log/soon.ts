/** Under load the screen changes about twelve times a second: quick enough to seem at once, slow enough to leave time for all else. */
const LEAST_MS = 80;

/** Does some work once with the next frame, however often it is asked for; also, later, in a tab that nobody sees. */
export function createSoon(work: () => void, signal: AbortSignal): () => void {
  let asked = false;
  let lastAt = -Infinity;
  const run = () => {
    asked = false;
    lastAt = performance.now();
    if (!signal.aborted) work();
  };
  return () => {
    if (asked) return;
    asked = true;
    const wait = lastAt + LEAST_MS - performance.now();
    if (wait > 0 || document.hidden) setTimeout(run, Math.max(0, wait));
    else requestAnimationFrame(run);
  };
}
