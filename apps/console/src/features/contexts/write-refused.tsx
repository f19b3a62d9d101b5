"use client";
import { Button } from "#components/button.tsx";
import { Problem } from "#components/notice.tsx";
import { useContextView } from "#features/contexts/context-view.tsx";
import { DiffPatch } from "#features/contexts/diff-patch.tsx";
import { IssueList } from "#features/contexts/issue-list.tsx";
import type { WriteRefusal } from "#features/contexts/use-write.ts";

interface WriteRefusedProps {
  readonly refusal: WriteRefusal;
  /** The version that the text began with. */
  readonly base: number;
  /** The newest version, as far as it is known. */
  readonly newest: number;
  readonly onMerge: () => void;
  /** Begins with another version: with its data, or with the text that is there. */
  readonly onRebase: (base: number, keepText: boolean) => void;
}

/** Why nothing was written, and the ways on from there. */
export function WriteRefused({ refusal, base, newest, onMerge, onRebase }: WriteRefusedProps) {
  const { context, hrefOf } = useContextView();
  const { kind, message, paths, held, issues = [] } = refusal;
  const other = Math.max(newest, refusal.newest ?? 0);
  if (kind === "other") {
    return (
      <Problem title={message}>
        <IssueList issues={issues} />
      </Problem>
    );
  }
  if (kind === "held") {
    return (
      <Problem title={message}>
        Change something, or{" "}
        <a href={hrefOf({ version: held })} target="_blank" rel="noreferrer" className="text-accent underline">
          look at version {held} in another tab
        </a>{" "}
        and release it there, then write again.
      </Problem>
    );
  }
  return (
    <div className="grid gap-3">
      <Problem
        title={
          kind === "rolled-back"
            ? "The context was rolled back since you began"
            : paths
              ? "Both have changed the same, so it cannot be merged"
              : `Version ${other} was written since you began with ${base}`
        }
      >
        <p>{message}</p>
        {paths && (
          <ul aria-label="Changed by both" className="mt-1 grid gap-0.5 font-mono text-sm text-ink">
            {paths.map((path) => (
              <li key={path}>{path === "" ? "the whole data" : path}</li>
            ))}
          </ul>
        )}
        <p className="mt-1">Nothing was written, and your text is kept.</p>
      </Problem>
      <section aria-label="Changed meanwhile" className="rounded-lg border border-line">
        <h3 className="px-3.5 pt-2 font-[550] tabular-nums">
          What has changed meanwhile, {base} → {other}
        </h3>
        <DiffPatch from={`${context}@${base}`} to={`${context}@${other}`} className="max-h-40" />
      </section>
      <div className="flex flex-wrap gap-2">
        {kind === "conflict" && !paths && (
          <Button look="primary" onClick={onMerge}>
            Merge mine into {other}
          </Button>
        )}
        <Button onClick={() => onRebase(other, true)}>Keep my text, begin with {other}</Button>
        <Button onClick={() => onRebase(other, false)}>Discard mine, begin with {other}</Button>
      </div>
    </div>
  );
}
