/** Said where events are missing that the past is told from. */
export function Incomplete() {
  return (
    <p role="note" className="rounded-md border border-warning/50 bg-warning-soft px-3 py-2">
      <b className="font-semibold">Some of this may be wrong.</b> Events that are needed to know it have been removed,
      as the workspace’s retention says.
    </p>
  );
}
