/** Stands for a line that is being read. */
export function Loading() {
  return <span aria-hidden className="block h-2 w-3/5 rounded-sm bg-sunken motion-safe:animate-pulse" />;
}
