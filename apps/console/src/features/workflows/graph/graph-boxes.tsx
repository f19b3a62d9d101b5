import { memo } from "react";
import { overlaps, type Rectangle } from "#features/workflows/graph/camera.ts";
import { GroupBox } from "#features/workflows/graph/group-box.tsx";
import type { Block } from "#features/workflows/graph/group-steps.ts";
import type { Placed } from "#features/workflows/graph/layout-graph.ts";
import { StepBox } from "#features/workflows/graph/step-box.tsx";
import type { LiveStep } from "#features/workflows/live-steps.ts";

interface GraphBoxesProps {
  /** Each at the place of its box. */
  readonly blocks: readonly Block[];
  readonly boxes: readonly Placed[];
  readonly steps: ReadonlyMap<string, LiveStep>;
  readonly inSight: Rectangle;
  readonly far: boolean;
  readonly unfolded: ReadonlySet<string>;
  readonly open: string | undefined;
  readonly focused: string;
  /** The box that has the focus, or a cell with it. */
  readonly holder: string | undefined;
  readonly onToggle: (id: string) => void;
  readonly onOpen: (step: string) => void;
  readonly onFocus: (id: string) => void;
}

/** The boxes that are in sight, and the one with the focus wherever it is. Drawn anew when they change, not when they are moved. */
export const GraphBoxes = memo(function GraphBoxes(props: GraphBoxesProps) {
  const { blocks, boxes, steps, inSight, far, unfolded, open, focused, holder, onToggle, onOpen, onFocus } = props;
  return boxes.map((box, index) => {
    const block = blocks[index];
    const first = steps.get(block?.steps[0] ?? "");
    if (!block || !first || (holder !== box.id && !overlaps(inSight, box))) return null;
    return block.steps.length > 1 ? (
      <GroupBox
        key={box.id}
        box={box}
        steps={block.steps.flatMap((name) => steps.get(name) ?? [])}
        unfolded={unfolded.has(box.id)}
        far={far}
        openStep={open}
        focused={focused}
        onToggle={onToggle}
        onOpen={onOpen}
        onFocus={onFocus}
      />
    ) : (
      <StepBox
        key={box.id}
        step={first}
        at={box}
        far={far}
        open={first.step === open}
        tabbable={holder === box.id}
        onOpen={onOpen}
        onFocus={onFocus}
      />
    );
  });
});
