import type { RollbackState } from "#api/generated/graphql.ts";
import { Button } from "#components/button.tsx";

interface RollbackEndProps {
  readonly state: RollbackState;
  readonly summary: string;
  readonly pointer: number;
  /** The version that was current before; null when others were written since. */
  readonly before: number | null;
  readonly onRollBack: (toVersion: number) => void;
}

/** How far a rollback is, what that means, and what can be done now. */
export function RollbackEnd({ state, summary, pointer, before, onRollBack }: RollbackEndProps) {
  return (
    <div className="-mx-4 mt-2 grid gap-2 border-t border-line px-4 pt-3">
      <p className="font-[550] tabular-nums">{summary}</p>
      {state === "PENDING" && (
        <p className="text-muted">The version is current already. Agents that do not answer in time let it fail.</p>
      )}
      {state === "FAILED" && (
        <p className="text-muted">
          The version is current all the same, but not every agent works with it. Look at the agents above, restart
          those in trouble, then ask again.
        </p>
      )}
      <div className="flex flex-wrap gap-2 empty:hidden">
        {state === "FAILED" && <Button onClick={() => onRollBack(pointer)}>Roll back to {pointer} again</Button>}
        {state !== "PENDING" && before !== null && before !== pointer && (
          <Button onClick={() => onRollBack(before)}>Undo: roll back to {before}</Button>
        )}
      </div>
    </div>
  );
}
