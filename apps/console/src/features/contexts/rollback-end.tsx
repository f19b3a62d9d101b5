import type { RollbackChoice, RollbackState } from "#api/generated/graphql.ts";
import { Button } from "#components/button.tsx";
import { RollbackChoices } from "#features/contexts/rollback-choices.tsx";

interface RollbackEndProps {
  readonly state: RollbackState;
  readonly choices: readonly RollbackChoice[];
  /** The version that it appended. */
  readonly version: number;
  readonly summary: string;
  /** The one agent that has not confirmed; null when there are more, or none. */
  readonly only: string | null;
  readonly pointer: number;
  /** The version that was current before; null when others were written since. */
  readonly before: number | null;
  readonly onRollBack: (toVersion: number) => void;
}

/** How far a rollback is, what that means, and what can be done now. */
export function RollbackEnd(props: RollbackEndProps) {
  const { state, choices, version, summary, only, pointer, before, onRollBack } = props;
  return (
    <div className="-mx-4 mt-2 grid gap-2 border-t border-line px-4 pt-3">
      <p className="font-[550] tabular-nums">{summary}</p>
      {state === "PENDING" && (
        <p className="text-muted">The version is current already. Agents that do not answer in time let it fail.</p>
      )}
      {state === "FAILED" && (
        <p className="text-muted">
          The version is current all the same, but not every agent works with it. Ask those above again, restart them,
          or declare it done.
        </p>
      )}
      <div className="flex flex-wrap gap-2 empty:hidden">
        <RollbackChoices choices={choices} version={version} only={only} />
        {state !== "PENDING" && before !== null && before !== pointer && (
          <Button onClick={() => onRollBack(before)}>Undo: roll back to {before}</Button>
        )}
      </div>
    </div>
  );
}
