"use client";
import { useState } from "react";
import type { TaskFilter } from "#api/generated/graphql.ts";
import { BulkDialog, type BulkRequest } from "#bulk/bulk-dialog.tsx";
import { Button } from "#components/button.tsx";
import { SelectionBar } from "#components/table/selection-bar.tsx";
import type { TableSelection } from "#components/table/use-selection.ts";
import type { ProjectRoute } from "#routes.ts";

interface TasksSelectionProps {
  readonly project: ProjectRoute;
  readonly projectId: string;
  /** The filter that the list has. */
  readonly filter: TaskFilter;
  readonly list: { readonly total: number; readonly totalIsCapped: boolean };
  readonly selection: TableSelection;
  readonly permissions: readonly string[];
}

/** What can be done with many tasks at once. Which of them it concerns is shown before anything is done. */
export function TasksSelection({ project, projectId, filter, list, selection, permissions }: TasksSelectionProps) {
  const [request, setRequest] = useState<BulkRequest | null>(null);
  const ask = (action: "CANCEL" | "RETRY") => {
    const { all, ids } = selection.chosen;
    if (!all) setRequest({ what: "tasks", action, filter: { ids: [...ids] } });
    else setRequest({ what: "tasks", action, filter, all: Object.keys(filter).length === 0 });
  };
  const mayCancel = permissions.includes("task.cancel");
  const mayRetry = permissions.includes("task.retry");
  return (
    <>
      <SelectionBar
        selection={selection}
        total={list.total}
        totalIsCapped={list.totalIsCapped}
        words={["task", "tasks"]}
      >
        <Button
          look="danger"
          disabled={!mayCancel}
          title={mayCancel ? "Those that have ended are left alone." : "You may not cancel tasks."}
          onClick={() => ask("CANCEL")}
        >
          Cancel
        </Button>
        <Button
          disabled={!mayRetry}
          title={mayRetry ? "Those that have not ended are left alone." : "You may not run tasks again."}
          onClick={() => ask("RETRY")}
        >
          Run again
        </Button>
      </SelectionBar>
      <BulkDialog
        project={project}
        projectId={projectId}
        request={request}
        onClose={() => setRequest(null)}
        onStarted={() => selection.clear()}
      />
    </>
  );
}
