"use client";
import dynamic from "next/dynamic";
import { useCallback, useEffect, useRef } from "react";
import type { WorkflowQuery } from "#api/generated/graphql.ts";
import { Choice } from "#components/choice.tsx";
import { Loading } from "#components/notice.tsx";
import { CancelWorkflow } from "#features/workflows/cancel-workflow.tsx";
import { hasEnded, type LiveStep } from "#features/workflows/live-steps.ts";
import { StepList } from "#features/workflows/step-list.tsx";
import { StepPanel } from "#features/workflows/step-panel.tsx";
import { useIsNarrow } from "#components/use-is-narrow.ts";
import { WorkflowHeader } from "#features/workflows/workflow-header.tsx";
import { WorkflowTrouble } from "#features/workflows/workflow-trouble.tsx";
import { type ProjectRoute, routes } from "#routes.ts";

/** Only here, and only where there is room for it. */
const WorkflowGraph = dynamic(
  () => import("#features/workflows/graph/workflow-graph.tsx").then((module) => module.WorkflowGraph),
  { ssr: false, loading: () => <Loading label="Drawing the graph" /> },
);

const VIEWS = { graph: "Graph", list: "List" } as const;
type View = keyof typeof VIEWS;

interface WorkflowBodyProps {
  readonly project: ProjectRoute;
  readonly workflow: Extract<NonNullable<WorkflowQuery["node"]>, { readonly __typename: "Workflow" }>;
  readonly steps: readonly LiveStep[];
  readonly permissions: readonly string[];
  /** What the address says. */
  readonly view: string | undefined;
  readonly step: string | undefined;
}

/** Its head, what went wrong, and its steps: as a graph or as a list, with the opened one beside. */
export function WorkflowBody({ project, workflow, steps, permissions, view: asked, step }: WorkflowBodyProps) {
  const narrow = useIsNarrow();
  const view: View = asked === "list" || asked === "graph" ? asked : narrow ? "list" : "graph";
  const opened = steps.find((one) => one.step === step);
  const running = steps.filter(({ state }) => state === "RUNNING" || state === "ASSIGNED").length;
  const latest = useRef({ asked, step });
  latest.current = { asked, step };
  const opener = useRef<Element | null>(null);
  const open = useCallback(
    (next: string | undefined) => {
      const now = latest.current;
      const to = next === now.step ? undefined : next;
      if (to !== undefined && now.step === undefined) opener.current = document.activeElement;
      window.history.replaceState(null, "", routes.workflow(project, workflow.id, { view: now.asked, step: to }));
      // Back to where it was opened from, when the panel that had the focus goes.
      if (to === undefined && opener.current instanceof HTMLElement && opener.current.isConnected) {
        opener.current.focus({ preventScroll: true });
      }
    },
    [project, workflow.id],
  );
  useEffect(() => {
    if (step !== undefined && steps.length > 0 && !opened) open(undefined);
  }, [step, steps.length, opened, open]);
  const broken = workflow.project.broken;
  return (
    <div className="grid grid-cols-1 gap-4">
      <WorkflowHeader workflow={workflow} steps={steps}>
        {workflow.state === "RUNNING" && (
          <CancelWorkflow
            id={workflow.id}
            name={workflow.name}
            open={steps.filter(({ state }) => !hasEnded(state)).length}
            running={running}
            allowed={permissions.includes("task.cancel")}
          />
        )}
      </WorkflowHeader>
      <WorkflowTrouble
        workflow={workflow}
        broken={broken.edges.map(({ node }) => node)}
        count={broken.totalCount}
        onOpen={open}
      />
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h2 className="font-semibold">Steps</h2>
        <Choice
          label="Show the steps as"
          options={VIEWS}
          value={view}
          onChange={(next) =>
            window.history.replaceState(null, "", routes.workflow(project, workflow.id, { view: next, step }))
          }
        />
      </div>
      <div
        className={`grid grid-cols-[minmax(0,1fr)] gap-4 ${opened ? "lg:grid-cols-[minmax(0,1fr)_360px]" : ""} ${view === "graph" ? "h-[max(380px,calc(100dvh-296px))]" : "lg:items-start"}`}
      >
        {view === "graph" ? (
          <WorkflowGraph steps={steps} edges={workflow.graph.edges} open={opened?.step} onOpen={open} />
        ) : (
          <StepList steps={steps} edges={workflow.graph.edges} open={opened?.step} onOpen={open} />
        )}
        {opened && (
          <div className={view === "graph" ? "min-h-0" : "lg:sticky lg:top-4 lg:h-[calc(100dvh-32px)]"}>
            <StepPanel
              key={opened.taskId}
              project={project}
              step={opened}
              steps={steps}
              edges={workflow.graph.edges}
              onOpen={open}
            />
          </div>
        )}
      </div>
    </div>
  );
}
