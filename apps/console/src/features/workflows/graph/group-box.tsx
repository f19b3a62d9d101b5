import { numberText } from "#components/number-text.ts";
import { CELL, columnsOf, HEAD, PADDING } from "#features/workflows/graph/block-sizes.ts";
import type { Placed } from "#features/workflows/graph/layout-graph.ts";
import { stem } from "#features/workflows/graph/group-steps.ts";
import { StepBox } from "#features/workflows/graph/step-box.tsx";
import type { LiveStep } from "#features/workflows/live-steps.ts";
import { sharesText, StateBar } from "#features/workflows/state-bar.tsx";
import { countStates, inBarOrder } from "#features/workflows/state-shares.ts";
import { StateIcon } from "#lifecycles/state-badge.tsx";
import { TASK_STATES } from "#lifecycles/task-states.tsx";

interface GroupBoxProps {
  readonly box: Placed;
  readonly steps: readonly LiveStep[];
  readonly unfolded: boolean;
  readonly far: boolean;
  readonly openStep: string | undefined;
  readonly focused: string;
  readonly onToggle: (id: string) => void;
  readonly onOpen: (step: string) => void;
  readonly onFocus: (id: string) => void;
}

/** Steps that are alike, as one: how many, and how many of them are in which state. Unfolded, each in a cell. */
export function GroupBox(props: GroupBoxProps) {
  const { box, steps, unfolded, far, openStep, focused, onToggle, onOpen, onFocus } = props;
  const counts = countStates(steps.map(({ state }) => state));
  const name = groupName(steps);
  const columns = columnsOf(steps.length);
  return (
    <div
      role="group"
      aria-label={`${numberText(steps.length)} steps like ${steps[0]?.step}`}
      className={`absolute rounded-md border border-line bg-surface ${unfolded ? "" : "shadow-[4px_4px_0_-1px_var(--color-surface),4px_4px_0_0_var(--color-line)]"}`}
      style={{ left: box.x, top: box.y, width: box.width, height: box.height }}
    >
      <button
        type="button"
        data-step={box.id}
        aria-expanded={unfolded}
        aria-label={far ? `${name} ×${numberText(steps.length)}: ${sharesText(counts)}` : undefined}
        title={unfolded ? "Fold these steps into one" : "Unfold into single steps"}
        tabIndex={focused === box.id ? 0 : -1}
        onClick={() => onToggle(box.id)}
        onFocus={() => onFocus(box.id)}
        className={`grid w-full content-center gap-1 rounded-md px-3 text-left hover:bg-sunken ${unfolded ? "" : "h-full"}`}
        style={unfolded ? { height: HEAD } : undefined}
      >
        {!far && (
          <span className="flex items-baseline justify-between gap-2">
            <span className="truncate font-[550]">{name}</span>
            <span className="shrink-0 font-semibold tabular-nums">
              ×{numberText(steps.length)} <span aria-hidden>{unfolded ? "▴" : "▾"}</span>
            </span>
          </span>
        )}
        <StateBar counts={counts} className={far ? "h-4" : ""} />
        {!far && !unfolded && (
          <span aria-hidden className="flex gap-2.5 overflow-hidden text-sm leading-4 text-muted tabular-nums">
            {inBarOrder(counts).map(({ state, count }) => (
              <span key={state} className="inline-flex items-center gap-1">
                <StateIcon look={TASK_STATES[state]} />
                {numberText(count)}
              </span>
            ))}
          </span>
        )}
      </button>
      {unfolded &&
        steps.map((step, index) => (
          <StepBox
            key={step.step}
            step={step}
            at={{
              x: PADDING + (index % columns) * (CELL.width + CELL.gap),
              y: HEAD + Math.floor(index / columns) * (CELL.height + CELL.gap),
              width: CELL.width,
              height: CELL.height,
            }}
            far={far}
            small
            open={step.step === openStep}
            tabbable={step.step === focused}
            onOpen={onOpen}
            onFocus={onFocus}
          />
        ))}
    </div>
  );
}

/** What their names have in common, or their kind. */
export function groupName(steps: readonly LiveStep[]): string {
  const [first, ...rest] = steps;
  if (!first) return "";
  const common = stem(first.step);
  return rest.every(({ step }) => stem(step) === common) ? common.replaceAll("#", "…") : first.kind;
}
