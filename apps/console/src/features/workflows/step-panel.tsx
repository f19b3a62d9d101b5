"use client";
import Link from "next/link";
import { useEffect, useRef } from "react";
import { Button, buttonClass } from "#components/button.tsx";
import { Loading } from "#components/notice.tsx";
import { QueryState } from "#components/query-state.tsx";
import type { StepEdge } from "#features/workflows/graph/graph-edges.tsx";
import type { LiveStep } from "#features/workflows/live-steps.ts";
import { CONDITION_WORDS } from "#features/workflows/policy-words.ts";
import { StepFacts } from "#features/workflows/step-facts.tsx";
import { StepTime } from "#features/workflows/step-time.tsx";
import { useStepTask } from "#features/workflows/use-step-task.ts";
import { StateIcon, TaskStateBadge } from "#lifecycles/state-badge.tsx";
import { TASK_STATES } from "#lifecycles/task-states.tsx";
import { type ProjectRoute, routes } from "#routes.ts";

interface StepPanelProps {
  readonly project: ProjectRoute;
  readonly step: LiveStep;
  readonly steps: readonly LiveStep[];
  readonly edges: readonly StepEdge[];
  readonly onOpen: (step: string | undefined) => void;
}

/** So many neighbours are named. */
const MOST = 8;

/** A step beside the graph: how its task stands and why, what it got and gave, what comes before and after. */
export function StepPanel({ project, step, steps, edges, onOpen }: StepPanelProps) {
  const { task, error } = useStepTask(step.taskId);
  const panel = useRef<HTMLElement>(null);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "Escape" || event.defaultPrevented) return;
      if (event.target instanceof HTMLElement && event.target.closest("[role=dialog], [role=menu], input")) return;
      onOpen(undefined);
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [onOpen]);
  const before = edges.filter(({ to }) => to === step.step);
  const after = edges.filter(({ from }) => from === step.step);
  const condition = before[0]?.condition;
  return (
    <aside
      ref={panel}
      aria-label={`Step ${step.step}`}
      className="flex min-h-0 flex-col overflow-hidden border border-line bg-surface max-lg:fixed max-lg:inset-x-0 max-lg:bottom-0 max-lg:z-30 max-lg:max-h-[72dvh] max-lg:rounded-t-lg max-lg:shadow-float lg:h-full lg:rounded-lg"
    >
      <div className="flex items-start gap-3 border-b border-line px-4 py-3">
        <div className="min-w-0 flex-1">
          <h2 className="font-semibold wrap-anywhere">{step.step}</h2>
          <p className="flex flex-wrap items-baseline gap-x-2 text-muted">
            <TaskStateBadge state={step.state} /> <StepTime step={step} />
            <span className="text-faint">{step.kind}</span>
          </p>
        </div>
        <Link href={routes.task(project, step.taskId)} prefetch={false} className={buttonClass()}>
          Open task
        </Link>
        <Button
          look="ghost"
          aria-label="Close"
          title="Close (Escape)"
          className="px-2!"
          onClick={() => onOpen(undefined)}
        >
          ×
        </Button>
      </div>
      <div className="grid min-h-0 gap-4 overflow-y-auto px-4 py-3">
        <QueryState data={task ?? undefined} error={error}>
          {(found) => <StepFacts project={project} task={found} />}
        </QueryState>
        {!task && !error && <Loading lines={3} label="Loading the step’s task" />}
        <Neighbours
          title={`Waits for${before.length > 1 && condition ? `, ${CONDITION_WORDS[condition]}` : ""}`}
          names={before.map(({ from }) => from)}
          steps={steps}
          onOpen={onOpen}
        />
        <Neighbours title="Waited for by" names={after.map(({ to }) => to)} steps={steps} onOpen={onOpen} />
      </div>
    </aside>
  );
}

interface NeighboursProps {
  readonly title: string;
  readonly names: readonly string[];
  readonly steps: readonly LiveStep[];
  readonly onOpen: (step: string) => void;
}

function Neighbours({ title, names, steps, onOpen }: NeighboursProps) {
  if (names.length === 0) return null;
  return (
    <section>
      <h3 className="text-sm font-medium text-faint">{title}</h3>
      <ul className="mt-1 flex flex-wrap gap-1.5">
        {names.slice(0, MOST).map((name) => {
          const state = steps.find(({ step }) => step === name)?.state;
          return (
            <li key={name} className="max-w-full">
              <button
                type="button"
                onClick={() => onOpen(name)}
                className="inline-flex max-w-full items-center gap-1.5 rounded-full border border-line px-2 py-0.5 hover:border-line-strong"
              >
                {state && <StateIcon look={TASK_STATES[state]} />}
                <span className="truncate">{name}</span>
                {state && <span className="sr-only">, {TASK_STATES[state].word}</span>}
              </button>
            </li>
          );
        })}
        {names.length > MOST && <li className="py-0.5 text-faint">and {names.length - MOST} more</li>}
      </ul>
    </section>
  );
}
