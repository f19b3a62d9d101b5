"use client";
import { useEffect, useRef, useState } from "react";
import type { EventFilter } from "#api/generated/graphql.ts";
import { Button } from "#components/button.tsx";
import { Dialog } from "#components/dialog.tsx";
import { Problem } from "#components/notice.tsx";
import { numberText } from "#components/number-text.ts";
import { sizeText } from "#components/size-text.ts";
import { clockText } from "#components/time.tsx";
import { exportEvents, type ExportProgress } from "#events/export/export-events.ts";
import type { EventSource, ListedEvent } from "#events/log/event-source.ts";
import { readingError } from "#events/log/reading-error.ts";

export interface ExportDialogProps {
  readonly source: EventSource;
  readonly filter: EventFilter;
  readonly keep: (event: ListedEvent) => boolean;
  /** What the file is called, without its ending. */
  readonly name: string;
  readonly onClose: () => void;
}

interface File {
  readonly url: string;
  readonly size: number;
}

/** Reads all that matches, says how far it is, and saves it as a file. */
export default function ExportDialog({ source, filter, keep, name, onClose }: ExportDialogProps) {
  const [progress, setProgress] = useState<ExportProgress>({ count: 0, at: null, share: 0 });
  const [file, setFile] = useState<File | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [attempt, setAttempt] = useState(0);
  const wanted = useRef({ source, filter, keep });
  useEffect(() => {
    const stop = new AbortController();
    let url: string | null = null;
    exportEvents({ ...wanted.current, onProgress: setProgress, signal: stop.signal }).then(
      (blob) => {
        url = URL.createObjectURL(blob);
        setFile({ url, size: blob.size });
      },
      (error: unknown) => {
        if (stop.signal.aborted) return;
        const { networkError, graphQLErrors } = readingError(error);
        setProblem(networkError ? "Muster cannot be reached." : (graphQLErrors[0]?.message ?? String(error)));
      },
    );
    return () => {
      stop.abort();
      if (url !== null) URL.revokeObjectURL(url);
    };
  }, [attempt]);
  useEffect(() => {
    if (file) save(file, name);
  }, [file, name]);
  const { count, at, share } = progress;
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Export events"
      description="All events that match, the oldest first, as JSON."
    >
      <div className="grid gap-4">
        <div className="grid gap-1.5">
          <div
            role="progressbar"
            aria-label="Read so far"
            aria-valuemin={0}
            aria-valuemax={100}
            aria-valuenow={Math.round((file ? 1 : share) * 100)}
            className="h-1.5 overflow-hidden rounded-full bg-sunken"
          >
            <div className="h-full bg-accent" style={{ width: `${(file ? 1 : share) * 100}%` }} />
          </div>
          <p role="status" className="text-muted tabular-nums">
            {file
              ? `${numberText(count)} events, ${sizeText(file.size)}. The file is being saved.`
              : at === null
                ? "Reading…"
                : `${numberText(count)} events, up to ${new Date(at).toLocaleDateString("en-GB")} ${clockText(at, false)}`}
          </p>
        </div>
        {problem !== null && <Problem title={problem}>Nothing was saved. Try again.</Problem>}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{file ? "Close" : "Cancel"}</Button>
          {problem !== null && (
            <Button
              look="primary"
              onClick={() => {
                setProblem(null);
                setAttempt(attempt + 1);
              }}
            >
              Try again
            </Button>
          )}
          {file && (
            <Button look="primary" onClick={() => save(file, name)}>
              Save again
            </Button>
          )}
        </div>
      </div>
    </Dialog>
  );
}

function save(file: File, name: string): void {
  const link = document.createElement("a");
  link.href = file.url;
  link.download = `${name}.json`;
  link.click();
}
