"use client";
import Link from "next/link";
import type { TransitionMode } from "#api/generated/graphql.ts";
import type { BulkPreview } from "#bulk/bulk-preview.ts";
import type { BulkRequest } from "#bulk/bulk-request.ts";
import { previewText } from "#bulk/preview-words.ts";
import { shortId } from "#components/copyable-id.tsx";
import { numberText } from "#components/number-text.ts";
import { AgentStateBadge, TaskStateBadge } from "#lifecycles/state-badge.tsx";
import { type ProjectRoute, routes } from "#routes.ts";

interface PreviewFactsProps {
  readonly project: ProjectRoute;
  readonly request: BulkRequest;
  readonly preview: BulkPreview;
  readonly mode: TransitionMode;
}

/** What a dry run found: in a sentence, and the first of those that it is about. */
export function PreviewFacts({ project, request, preview, mode }: PreviewFactsProps) {
  const { sample, count } = preview;
  return (
    <div className="grid gap-3">
      <p aria-live="polite">{previewText(request, preview, mode)}</p>
      {sample.length > 0 && (
        <ul aria-label="The first of them" className="overflow-hidden rounded-md border border-line">
          {sample.map(({ id, name, state }) => (
            <li key={id} className="flex items-center gap-3 border-b border-line px-3 py-1 last:border-b-0">
              <Link
                href={"agent" in state ? routes.agent(project, id) : routes.task(project, id)}
                prefetch={false}
                className="min-w-0 grow truncate hover:underline"
              >
                {name} {"task" in state && <span className="font-mono text-xs text-faint">{shortId(id)}</span>}
              </Link>
              {"agent" in state ? (
                <AgentStateBadge state={state.agent} quiet />
              ) : (
                <TaskStateBadge state={state.task} quiet />
              )}
            </li>
          ))}
          {count > sample.length && (
            <li className="bg-sunken px-3 py-1 text-faint tabular-nums">
              and {numberText(count - sample.length)} more
            </li>
          )}
        </ul>
      )}
    </div>
  );
}
