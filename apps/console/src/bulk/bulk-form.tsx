"use client";
import { type SyntheticEvent, useCallback, useEffect, useState } from "react";
import type { TransitionMode } from "#api/generated/graphql.ts";
import { allowedCount, type BulkPreview, drainingCount } from "#bulk/bulk-preview.ts";
import { type BulkRequest, bulkTitle, drains, needsCount } from "#bulk/bulk-request.ts";
import { PreviewFacts } from "#bulk/preview-facts.tsx";
import { useBulkCalls } from "#bulk/use-bulk-calls.ts";
import { WhenChoice } from "#bulk/when-choice.tsx";
import { Button } from "#components/button.tsx";
import { Loading, Problem } from "#components/notice.tsx";
import { TextArea } from "#components/text-area.tsx";
import { TextField } from "#components/text-field.tsx";
import type { ProjectRoute } from "#routes.ts";

interface BulkFormProps {
  readonly project: ProjectRoute;
  readonly projectId: string;
  readonly request: BulkRequest;
  readonly open: boolean;
  readonly onCounted: (count: number) => void;
  readonly onCancel: () => void;
  readonly onStarted: (jobId: string) => void;
}

/** To whom it would be done, how, and why. */
export function BulkForm({ project, projectId, request, open, onCounted, onCancel, onStarted }: BulkFormProps) {
  const call = useBulkCalls(projectId);
  const [preview, setPreview] = useState<BulkPreview | null>(null);
  const [mode, setMode] = useState<TransitionMode>("DRAIN");
  const [reason, setReason] = useState("");
  const [typed, setTyped] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  const look = useCallback(async () => {
    // How many would drain is asked for with DRAIN, and said only while that is chosen.
    const answer = await call({ request, mode: "DRAIN", reason: "", expectedCount: null });
    if ("preview" in answer) {
      setPreview(answer.preview);
      onCounted(answer.preview.count);
    } else if ("refusal" in answer) setProblem(answer.refusal);
  }, [call, request, onCounted]);
  useEffect(() => {
    if (open) void look();
  }, [open, look]);

  const send = async (event: SyntheticEvent) => {
    event.preventDefault();
    if (busy || preview === null) return;
    setBusy(true);
    setProblem(null);
    const answer = await call({ request, mode, reason: reason.trim(), expectedCount: preview.count });
    setBusy(false);
    if ("job" in answer) return onStarted(answer.job);
    if (!("refusal" in answer)) return undefined;
    setProblem(
      answer.isConflict ? "Others match by now than when you looked. Look again, then decide." : answer.refusal,
    );
    setTyped("");
    if (answer.isConflict) await look();
    return undefined;
  };

  if (preview === null) {
    return problem === null ? <Loading lines={4} label="Counting" /> : <Problem title={problem} />;
  }
  const title = bulkTitle(request, preview.count);
  const possible = preview.count > 0 && !preview.countIsCapped && allowedCount(preview) > 0;
  const confirmed = !needsCount(request, preview.count) || typed.replaceAll(/[\s,.]/g, "") === `${preview.count}`;
  return (
    <form onSubmit={(event) => void send(event)} className="grid gap-4">
      <PreviewFacts project={project} request={request} preview={preview} mode={mode} />
      {possible && (
        <>
          {request.what === "agents" && drains(request) && drainingCount(preview) > 0 && (
            <WhenChoice mode={mode} onChange={setMode} busy={drainingCount(preview)} />
          )}
          <TextArea
            label="Reason"
            value={reason}
            onChange={setReason}
            hint="It stands in the log with every one of them, for those who come after you."
            required
          />
          {needsCount(request, preview.count) && (
            <TextField
              label={`Type ${preview.count} to confirm`}
              value={typed}
              onChange={setTyped}
              {...(request.action === "DECOMMISSION" && { hint: "This cannot be taken back." })}
            />
          )}
        </>
      )}
      {problem !== null && <Problem title={problem} />}
      <div className="flex justify-end gap-2">
        <Button onClick={onCancel}>{possible ? "Cancel" : "Close"}</Button>
        {possible && (
          <Button
            type="submit"
            look={request.action === "DECOMMISSION" || request.action === "FAIL" ? "danger" : "primary"}
            disabled={busy || reason.trim() === "" || !confirmed}
          >
            {title}
          </Button>
        )}
      </div>
    </form>
  );
}
