"use client";
import { Button } from "#components/button.tsx";
import {
  type AgentSettings,
  changedParts,
  conflictsOf,
  mergedSettings,
} from "#features/agent/config/agent-settings.ts";
import { ValueDiff } from "#components/diff/value-diff.tsx";

interface ConflictingProps {
  readonly base: AgentSettings;
  readonly mine: AgentSettings;
  readonly theirs: AgentSettings;
  /** Begins anew with these values, on top of theirs. */
  readonly onRebase: (draft: AgentSettings) => void;
}

/** Somebody else has saved meanwhile: shows what they and what you have changed, and lets one choose. */
export function Conflicting({ base, mine, theirs, onRebase }: ConflictingProps) {
  if (changedParts(base, theirs).length === 0) return null;
  const parts = conflictsOf(base, mine, theirs);
  const merged = mergedSettings(base, mine, theirs);
  if (parts.length === 0) {
    return (
      <section aria-label="Changed meanwhile" className="rounded-lg border border-line bg-warning-soft px-4 py-3">
        <p className="font-[550] text-warning">Somebody else has changed this agent meanwhile.</p>
        <p className="mt-0.5 text-muted">What they changed is not what you change: saving keeps theirs.</p>
      </section>
    );
  }
  const only = (settings: AgentSettings) => Object.fromEntries(parts.map((part) => [part, settings[part]]));
  return (
    <section
      aria-label="Changed meanwhile"
      role="alert"
      className="grid gap-3 rounded-lg border border-line bg-warning-soft px-4 py-3"
    >
      <div>
        <p className="font-[550] text-warning">Somebody else has changed the same meanwhile.</p>
        <p className="mt-0.5 text-muted">
          Nothing is lost: choose what to go on with. It is saved only after a review.
        </p>
      </div>
      <div className="grid gap-3 lg:grid-cols-2">
        <div className="min-w-0">
          <h2 className="mb-1 font-[550]">Theirs</h2>
          <ValueDiff label="Their changes" before={only(base)} after={only(theirs)} />
        </div>
        <div className="min-w-0">
          <h2 className="mb-1 font-[550]">Yours</h2>
          <ValueDiff label="Your changes" before={only(base)} after={only(mine)} />
        </div>
      </div>
      <div className="flex flex-wrap gap-2">
        {merged && (
          <Button look="primary" onClick={() => onRebase(merged)}>
            Go on with both
          </Button>
        )}
        <Button onClick={() => onRebase(mine)}>Go on with yours</Button>
        <Button onClick={() => onRebase(theirs)}>Go on with theirs</Button>
      </div>
    </section>
  );
}
