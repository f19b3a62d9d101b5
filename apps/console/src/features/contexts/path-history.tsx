"use client";
import { Button } from "#components/button.tsx";
import { Card } from "#components/card.tsx";
import { Empty, Loading } from "#components/notice.tsx";
import { numberText } from "#components/number-text.ts";
import { useContextView } from "#features/contexts/context-view.tsx";
import { PathChangeLine } from "#features/contexts/path-change-line.tsx";
import { PointerField } from "#features/contexts/pointer-field.tsx";
import { usePathChanges } from "#features/contexts/use-path-changes.ts";
import { VerifyButton } from "#features/contexts/verify-button.tsx";
import { VersionProblem } from "#features/contexts/version-problem.tsx";
import { historyOf } from "#features/contexts/version-view.ts";

interface PathHistoryProps {
  /** A JSON Pointer. */
  readonly pointer: string;
  readonly newest: number;
}

/** When a value has changed, and who did it. */
export function PathHistory({ pointer, newest }: PathHistoryProps) {
  const { context, open } = useContextView();
  const { found, error, busy, more } = usePathChanges(context, pointer, newest);
  return (
    <Card role="region" aria-label="Who changed this path" className="min-w-0">
      <div className="flex flex-wrap items-start gap-x-3 gap-y-2 border-b border-line px-3.5 py-2">
        <h2 className="py-1 font-semibold">Who changed</h2>
        <PointerField pointer={pointer} onPointer={(changed) => open({ history: historyOf(changed) })} />
        <Button onClick={() => open({})}>Close</Button>
      </div>
      {error ? (
        <VersionProblem error={error} verify={<VerifyButton />} />
      ) : found === null ? (
        <Loading />
      ) : found.changes.length === 0 && found.complete ? (
        <Empty title="Nothing has ever stood there">
          No version has a value at this path. Paths are taken literally: in a list, they name a position.
        </Empty>
      ) : (
        <>
          <ol aria-label="Changes of the path">
            {found.changes.map((change) => (
              <PathChangeLine key={change.version.id} change={change} />
            ))}
          </ol>
          <div className="flex items-center gap-3 px-3.5 py-2.5 text-muted tabular-nums">
            {found.complete ? (
              <span>That is all: {numberText(found.examined)} versions were looked at.</span>
            ) : (
              <>
                <Button disabled={busy} onClick={more}>
                  {busy ? "Looking…" : "Look further back"}
                </Button>
                <span>{numberText(found.examined)} versions were looked at.</span>
              </>
            )}
          </div>
        </>
      )}
    </Card>
  );
}
