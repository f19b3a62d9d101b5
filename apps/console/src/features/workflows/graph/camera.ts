/** Where the graph is seen from: what stands at (x, y) of the pane, and how large. */
export interface Camera {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Rectangle extends Size {
  readonly x: number;
  readonly y: number;
}

const SMALLEST = 0.05;
const LARGEST = 1.6;
const MARGIN = 24;

/** All of the graph in the pane, in its middle; never larger than life. */
export function fit(graph: Size, pane: Size): Camera {
  const room = (most: number) => Math.max(1, most - 2 * MARGIN);
  const scale = Math.max(
    SMALLEST,
    Math.min(1, room(pane.width) / Math.max(1, graph.width), room(pane.height) / Math.max(1, graph.height)),
  );
  return { scale, x: (pane.width - graph.width * scale) / 2, y: (pane.height - graph.height * scale) / 2 };
}

/** Larger or smaller by a factor, so that what is under the point stays there. */
export function zoom(camera: Camera, factor: number, at: { readonly x: number; readonly y: number }): Camera {
  const scale = Math.min(LARGEST, Math.max(SMALLEST, camera.scale * factor));
  const by = scale / camera.scale;
  return { scale, x: at.x - (at.x - camera.x) * by, y: at.y - (at.y - camera.y) * by };
}

/** Moved by so many pixels, yet never so far that the graph is lost from sight. */
export function pan(camera: Camera, by: { readonly x: number; readonly y: number }, graph: Size, pane: Size): Camera {
  const { scale } = camera;
  return {
    scale,
    x: kept(camera.x, by.x, graph.width * scale, pane.width),
    y: kept(camera.y, by.y, graph.height * scale, pane.height),
  };
}

/** A graph that fits goes anywhere in the pane; one that does not, as far as its ends are at the pane's middle. */
function kept(at: number, by: number, length: number, room: number): number {
  const least = Math.min(MARGIN, room / 2 - length);
  const most = Math.max(room - length - MARGIN, room / 2);
  return Math.min(Math.max(at + by, Math.min(least, at)), Math.max(most, at));
}

/** Moved as little as needed for all of a box to be seen, or its beginning where it is larger than the pane. */
export function reveal(camera: Camera, box: Rectangle, pane: Size): Camera {
  const { scale } = camera;
  const shift = (at: number, length: number, room: number) => {
    if (at < MARGIN || length > room - 2 * MARGIN) return MARGIN - at;
    return Math.min(0, room - MARGIN - (at + length));
  };
  const x = camera.x + box.x * scale;
  const y = camera.y + box.y * scale;
  return {
    scale,
    x: camera.x + shift(x, box.width * scale, pane.width),
    y: camera.y + shift(y, box.height * scale, pane.height),
  };
}

/** The part of the graph that is in the pane, in whole tiles with one more around: it changes seldom while the graph is moved. */
export function tilesInSight({ x, y, scale }: Camera, pane: Size): Rectangle {
  const tile = 400 / Math.max(scale, 0.1);
  const first = (at: number) => Math.floor(-at / scale / tile) - 1;
  const last = (at: number, room: number) => Math.ceil((room - at) / scale / tile) + 1;
  const [left, top] = [first(x), first(y)];
  return {
    x: left * tile,
    y: top * tile,
    width: (last(x, pane.width) - left) * tile,
    height: (last(y, pane.height) - top) * tile,
  };
}

/** Whether two rectangles have something in common. */
export function overlaps(one: Rectangle, other: Rectangle): boolean {
  return (
    one.x <= other.x + other.width &&
    other.x <= one.x + one.width &&
    one.y <= other.y + other.height &&
    other.y <= one.y + one.height
  );
}
