"use client";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { BulkForm } from "#bulk/bulk-form.tsx";
import type { BulkDialogProps } from "#bulk/bulk-dialog.tsx";
import { type BulkRequest, bulkTitle } from "#bulk/bulk-request.ts";
import { BulkRun } from "#bulk/bulk-run.tsx";
import { Dialog } from "#components/dialog.tsx";
import { notify } from "#components/notify.ts";
import { routes } from "#routes.ts";

interface BulkFlowProps extends Omit<BulkDialogProps, "request"> {
  readonly request: BulkRequest;
  readonly open: boolean;
}

/** What bulk-dialog.tsx loads: from the dry run to the job. */
export default function BulkFlow({ project, projectId, request, open, onClose, onStarted }: BulkFlowProps) {
  const router = useRouter();
  const [count, setCount] = useState<number | null>(null);
  const [job, setJob] = useState<{ readonly id: string; readonly over: boolean } | null>(null);
  const title = bulkTitle(request, count);
  const close = () => {
    if (job && !job.over) {
      notify({
        title: `${title}: it goes on`,
        description: "You can close the page too.",
        action: { name: "Watch", act: () => router.push(routes.bulkJob(project, job.id)) },
      });
    }
    onClose();
  };
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && close()}
      title={title}
      {...(job === null && { description: "Nothing is done before you say so." })}
    >
      {job === null ? (
        <BulkForm
          project={project}
          projectId={projectId}
          request={request}
          open={open}
          onCounted={setCount}
          onCancel={onClose}
          onStarted={(id) => {
            setJob({ id, over: false });
            onStarted?.(id);
          }}
        />
      ) : (
        <BulkRun
          project={project}
          jobId={job.id}
          onOver={() => setJob((current) => (current?.over === false ? { ...current, over: true } : current))}
          onClose={close}
        />
      )}
    </Dialog>
  );
}
