"use client";
import dynamic from "next/dynamic";
import { useState } from "react";
import type { BulkRequest } from "#bulk/bulk-request.ts";
import type { ProjectRoute } from "#routes.ts";

export type { BulkRequest } from "#bulk/bulk-request.ts";

const BulkFlow = dynamic(() => import("#bulk/bulk-flow.tsx"), { ssr: false });

export interface BulkDialogProps {
  readonly project: ProjectRoute;
  /** prj_… */
  readonly projectId: string;
  /** What to do to whom; null while the dialog is closed. */
  readonly request: BulkRequest | null;
  readonly onClose: () => void;
  /** A job was asked for, and goes on by itself. */
  readonly onStarted?: (jobId: string) => void;
}

/**
 * The same done to many: says first to how many and to whom, asks why, and shows how far it is. Closed, the job goes on. Loaded when
 * it is first opened.
 */
export function BulkDialog({ request, ...props }: BulkDialogProps) {
  /** The last one, which stays in sight while the dialog closes; each has a flow of its own. */
  const [last, setLast] = useState<{ readonly request: BulkRequest; readonly number: number } | null>(null);
  if (request !== null && request !== last?.request) setLast({ request, number: (last?.number ?? 0) + 1 });
  return last && <BulkFlow key={last.number} {...props} request={last.request} open={request !== null} />;
}
