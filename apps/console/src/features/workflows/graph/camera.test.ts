import { describe, expect, it } from "vitest";
import { fit, overlaps, pan, reveal, tilesInSight, zoom } from "#features/workflows/graph/camera.ts";

const pane = { width: 1_000, height: 600 };

describe("the camera", () => {
  it("fits a large graph and leaves a small one its size", () => {
    expect(fit({ width: 200, height: 100 }, pane)).toEqual({ scale: 1, x: 400, y: 250 });
    const far = fit({ width: 9_520, height: 100 }, pane);
    expect(far.scale).toBeCloseTo(0.1);
    expect(far.x).toBeCloseTo(24);
  });

  it("zooms around a point, within limits", () => {
    const closer = zoom({ scale: 1, x: 0, y: 0 }, 1.5, { x: 100, y: 100 });
    expect(closer).toEqual({ scale: 1.5, x: -50, y: -50 });
    expect(zoom(closer, 10, { x: 0, y: 0 }).scale).toBe(1.6);
  });

  it("does not lose the graph", () => {
    const large = { width: 3_000, height: 2_000 };
    expect(pan({ scale: 1, x: 0, y: 0 }, { x: 9_000, y: 0 }, large, pane).x).toBe(500);
    expect(pan({ scale: 1, x: 0, y: 0 }, { x: -9_000, y: -10 }, large, pane)).toEqual({ scale: 1, x: -2_500, y: -10 });
    expect(pan({ scale: 1, x: 0, y: 0 }, { x: 9_000, y: 0 }, { width: 100, height: 100 }, pane).x).toBe(876);
  });

  it("moves as little as is needed to show a box", () => {
    const camera = { scale: 1, x: 0, y: 0 };
    expect(reveal(camera, { x: 100, y: 100, width: 50, height: 50 }, pane)).toEqual(camera);
    expect(reveal(camera, { x: 990, y: 100, width: 50, height: 50 }, pane)).toEqual({ scale: 1, x: -64, y: 0 });
    expect(reveal(camera, { x: -90, y: 100, width: 50, height: 50 }, pane).x).toBe(114);
  });

  it("sees whole tiles, so that a small move changes nothing", () => {
    const tiles = tilesInSight({ scale: 1, x: -10, y: -10 }, pane);
    expect(tilesInSight({ scale: 1, x: -50, y: -30 }, pane)).toEqual(tiles);
    expect(overlaps(tiles, { x: 900, y: 500, width: 10, height: 10 })).toBe(true);
    expect(overlaps(tiles, { x: 5_000, y: 0, width: 10, height: 10 })).toBe(false);
  });
});
