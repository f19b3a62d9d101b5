"use client";
import { type KeyboardEvent, useCallback, useMemo, useRef, useState } from "react";
import { boxOf } from "#features/workflows/graph/block-sizes.ts";
import { tilesInSight } from "#features/workflows/graph/camera.ts";
import { GraphBoxes } from "#features/workflows/graph/graph-boxes.tsx";
import { GraphControls } from "#features/workflows/graph/graph-controls.tsx";
import { GraphEdges, type StepEdge } from "#features/workflows/graph/graph-edges.tsx";
import { GraphLegend } from "#features/workflows/graph/graph-legend.tsx";
import { groupSteps } from "#features/workflows/graph/group-steps.ts";
import { layoutGraph } from "#features/workflows/graph/layout-graph.ts";
import { useCamera } from "#features/workflows/graph/use-camera.ts";
import { READABLE, useGraphFocus } from "#features/workflows/graph/use-graph-focus.ts";
import type { LiveStep } from "#features/workflows/live-steps.ts";

interface WorkflowGraphProps {
  /** In the order in which they were given; only their states change. */
  readonly steps: readonly LiveStep[];
  readonly edges: readonly StepEdge[];
  /** The step whose details are open. */
  readonly open: string | undefined;
  readonly onOpen: (step: string | undefined) => void;
}

/** From so far on texts cannot be read, and only colours are shown. */
const FAR = 0.42;
const KEYS_PAN = 60;

/** The steps of a workflow from left to right, with what waits for what. */
export function WorkflowGraph({ steps, edges, open, onOpen }: WorkflowGraphProps) {
  // The shape of a workflow never changes: only what is named here would make another.
  const shape = steps.map(({ step, kind }) => `${step}\n${kind}`).join("\n\n");
  // oxlint-disable-next-line react-hooks/exhaustive-deps
  const grouped = useMemo(() => groupSteps(steps, edges), [shape, edges.length]);
  const [unfolded, setUnfolded] = useState<ReadonlySet<string>>(new Set());
  const layout = useMemo(
    () =>
      layoutGraph(
        grouped.blocks.map((block) => boxOf(block, unfolded.has(block.id))),
        grouped.edges,
      ),
    [grouped, unfolded],
  );
  const pane = useRef<HTMLDivElement>(null);
  const { camera, size, fitted, drag, panBy, zoomBy, fitAll, show } = useCamera(pane, layout);
  const { focused, setFocused, walk, boxHolding } = useGraphFocus({
    pane,
    grouped,
    layout,
    unfolded,
    open,
    size,
    readable: fitted && camera.scale >= READABLE,
    show,
  });
  const byName = useMemo(() => new Map(steps.map((step) => [step.step, step])), [steps]);
  const far = camera.scale < FAR;
  const tiles = tilesInSight(camera, size);
  // The same tiles are the same object, so that edges are not drawn anew with each movement.
  const inSight = useMemo(() => tiles, [tiles.x, tiles.y, tiles.width, tiles.height]); // oxlint-disable-line react-hooks/exhaustive-deps
  const conditions = useMemo(() => new Set(edges.map(({ condition }) => condition)), [edges]);

  const openRef = useRef(onOpen);
  openRef.current = onOpen;
  const openOne = useCallback((step: string) => openRef.current(step), []);
  const toggle = useCallback(
    (id: string) =>
      setUnfolded((now) => {
        const next = new Set(now);
        if (!next.delete(id)) next.add(id);
        return next;
      }),
    [],
  );

  /** Somebody walks through it by keys: the lines of where they are stand out. */
  const [walked, setWalked] = useState(false);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const arrows = { ArrowLeft: "left", ArrowRight: "right", ArrowUp: "up", ArrowDown: "down" } as const;
    const arrow = arrows[event.key as keyof typeof arrows];
    if (arrow && event.shiftKey) {
      panBy({
        x: arrow === "left" ? KEYS_PAN : arrow === "right" ? -KEYS_PAN : 0,
        y: arrow === "up" ? KEYS_PAN : arrow === "down" ? -KEYS_PAN : 0,
      });
    } else if (arrow) {
      setWalked(true);
      walk(arrow);
    } else if (event.key === "+" || event.key === "=") zoomBy(1.3);
    else if (event.key === "-") zoomBy(1 / 1.3);
    else if (event.key === "0") fitAll();
    else if (event.key === "Escape" && open !== undefined) onOpen(undefined);
    else return;
    event.preventDefault();
  };

  return (
    // The keys come from the buttons inside.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <section
      aria-label="Graph of the steps"
      aria-describedby="graph-keys"
      onKeyDown={onKeyDown}
      onPointerDown={() => setWalked(false)}
      className="relative h-full min-h-72 overflow-hidden rounded-lg border border-line bg-page"
    >
      <p id="graph-keys" className="sr-only">
        Arrow keys go along the lines, with Shift they move the graph; + and − change its size, 0 shows all of it; Enter
        opens a step or unfolds a group.
      </p>
      <div
        ref={pane}
        {...drag}
        className="absolute inset-0 cursor-grab touch-none overflow-hidden select-none active:cursor-grabbing"
      >
        <div
          className="absolute top-0 left-0 origin-top-left"
          style={{ transform: `translate(${camera.x}px, ${camera.y}px) scale(${camera.scale})` }}
        >
          <GraphEdges layout={layout} inSight={inSight} strong={boxHolding(walked ? focused : open)} />
          <GraphBoxes
            blocks={grouped.blocks}
            boxes={layout.boxes}
            steps={byName}
            inSight={inSight}
            far={far}
            unfolded={unfolded}
            open={open}
            focused={focused}
            holder={boxHolding(focused)}
            onToggle={toggle}
            onOpen={openOne}
            onFocus={setFocused}
          />
        </div>
      </div>
      <GraphLegend conditions={conditions} />
      <GraphControls scale={camera.scale} onZoom={zoomBy} onFit={fitAll} />
    </section>
  );
}
