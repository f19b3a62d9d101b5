import { Button } from "#components/button.tsx";

interface GraphControlsProps {
  readonly scale: number;
  readonly onZoom: (factor: number) => void;
  readonly onFit: () => void;
}

/** Nearer, further, all of it; each is a key as well. */
export function GraphControls({ scale, onZoom, onFit }: GraphControlsProps) {
  return (
    <div
      role="group"
      aria-label="Size of the graph"
      className="absolute right-3 bottom-3 flex items-center overflow-hidden rounded-md border border-line bg-raised"
    >
      <Button look="ghost" aria-label="Smaller" title="Smaller (−)" onClick={() => onZoom(1 / 1.3)}>
        −
      </Button>
      <span className="w-11 text-center text-sm text-muted tabular-nums">{Math.round(scale * 100)} %</span>
      <Button look="ghost" aria-label="Larger" title="Larger (+)" onClick={() => onZoom(1.3)}>
        +
      </Button>
      <Button look="ghost" title="All of it (0)" onClick={onFit}>
        Fit
      </Button>
    </div>
  );
}
