import { orderLayers } from "#features/workflows/graph/order-layers.ts";
import { placeApart } from "#features/workflows/graph/place-apart.ts";

export interface Box {
  readonly id: string;
  readonly layer: number;
  readonly width: number;
  readonly height: number;
}

export interface Placed extends Box {
  readonly x: number;
  readonly y: number;
}

interface Link {
  readonly from: string;
  readonly to: string;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Route<Edge extends Link> {
  readonly edge: Edge;
  /** From the right side of one box to the left side of the other; where it passes layers, both ends of the passage. */
  readonly points: readonly Point[];
}

export interface Layout<Edge extends Link> {
  readonly boxes: readonly Placed[];
  readonly routes: readonly Route<Edge>[];
  readonly width: number;
  readonly height: number;
}

const LAYER_GAP = 60;
const BOX_GAP = 18;
const PASSAGE = 8;
/** Beyond so many passages edges go straight, or there would be more passages than boxes to see. */
const MOST_PASSAGES = 4_000;
const SWEEPS = 10;

/** Something that takes a place in a layer: a box, or the passage of an edge that goes on to a later layer. */
interface Slot {
  readonly box: Box | null;
  readonly layer: number;
  readonly height: number;
}

/**
 * Lays out a graph from left to right: layer by layer, ordered so that few edges cross, each box near the middle of those that
 * it is connected with. Edges over several layers get a passage through each. The same graph always gives the same picture.
 */
export function layoutGraph<Edge extends Link>(boxes: readonly Box[], edges: readonly Edge[]): Layout<Edge> {
  const slots: Slot[] = boxes.map((box) => ({ box, layer: box.layer, height: box.height }));
  const indexOf = new Map(boxes.map(({ id }, index) => [id, index]));
  const chains = chainsOf(edges, indexOf, slots);
  const before: number[][] = slots.map(() => []);
  const after: number[][] = slots.map(() => []);
  for (const { chain } of chains) {
    for (let at = 1; at < chain.length; at += 1) {
      const [from, to] = [chain[at - 1]!, chain[at]!];
      if (slots[to]!.layer - slots[from]!.layer !== 1) continue;
      after[from]!.push(to);
      before[to]!.push(from);
    }
  }
  const depth = slots.reduce((most, { layer }) => Math.max(most, layer + 1), 0);
  const layers: number[][] = Array.from({ length: depth }, () => []);
  for (const [index, { layer }] of slots.entries()) layers[layer]!.push(index);

  const centres = centresOf(orderLayers({ layers, before, after }), slots, before, after);
  const top = slots.reduce((least, { height }, index) => Math.min(least, centres[index]! - height / 2), Infinity);
  const widths = layers.map((layer) => layer.reduce((most, slot) => Math.max(most, slots[slot]!.box?.width ?? 0), 0));
  const lefts: number[] = [];
  for (const [layer, width] of widths.entries()) {
    lefts.push(layer === 0 ? 0 : lefts[layer - 1]! + widths[layer - 1]! + (width > 0 ? LAYER_GAP : 0));
  }
  const centreOf = (slot: number) => centres[slot]! - top;
  const placed = boxes.map((box, index): Placed => {
    return { ...box, x: lefts[box.layer]!, y: Math.round(centreOf(index) - box.height / 2) };
  });
  const routes = chains.map(({ edge, chain }): Route<Edge> => {
    const points = chain.flatMap((slot, at): Point[] => {
      const { box, layer } = slots[slot]!;
      const [left, y] = [lefts[layer]!, Math.round(centreOf(slot))];
      if (at === 0) return [{ x: left + box!.width, y }];
      if (at === chain.length - 1) return [{ x: left, y }];
      return [
        { x: left, y },
        { x: left + widths[layer]!, y },
      ];
    });
    return { edge, points };
  });
  const bottom = slots.reduce((most, { height }, index) => Math.max(most, centreOf(index) + height / 2), 0);
  return { boxes: placed, routes, width: (lefts.at(-1) ?? 0) + (widths.at(-1) ?? 0), height: Math.ceil(bottom) };
}

/** The slots that each edge goes through; adds the passages to them. */
function chainsOf<Edge extends Link>(edges: readonly Edge[], indexOf: ReadonlyMap<string, number>, slots: Slot[]) {
  let passages = 0;
  const ends = edges.map((edge) => ({ edge, from: indexOf.get(edge.from)!, to: indexOf.get(edge.to)! }));
  for (const { from, to } of ends) passages += Math.max(0, slots[to]!.layer - slots[from]!.layer - 1);
  return ends.map(({ edge, from, to }) => {
    const chain = [from];
    if (passages <= MOST_PASSAGES) {
      for (let layer = slots[from]!.layer + 1; layer < slots[to]!.layer; layer += 1) {
        chain.push(slots.push({ box: null, layer, height: PASSAGE }) - 1);
      }
    }
    return { edge, chain: [...chain, to] };
  });
}

/** The heights of the slots' middles: each near to those of its neighbours, before, after, before … */
function centresOf(
  order: readonly (readonly number[])[],
  slots: readonly Slot[],
  before: readonly (readonly number[])[],
  after: readonly (readonly number[])[],
): number[] {
  const centres: number[] = slots.map(() => 0);
  const apart = (upper: number, lower: number) => (slots[upper]!.height + slots[lower]!.height) / 2 + BOX_GAP;
  const place = (layer: readonly number[], wanted: (slot: number) => readonly number[]) => {
    const wishes = layer.map((slot, index) => {
      const beside = wanted(slot);
      const at =
        beside.length === 0 ? centres[slot]! : beside.reduce((sum, one) => sum + centres[one]!, 0) / beside.length;
      // Passages insist on being straight; what hangs on nothing gives way.
      const weight = slots[slot]!.box === null ? 8 : beside.length === 0 ? 0.1 : 1;
      return { at, weight, apart: index === 0 ? 0 : apart(layer[index - 1]!, slot) };
    });
    for (const [index, at] of placeApart(wishes).entries()) centres[layer[index]!] = at;
  };
  for (const layer of order) place(layer, () => []);
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    if (sweep % 2 === 0) for (const layer of order) place(layer, (slot) => before[slot]!);
    else for (const layer of order.toReversed()) place(layer, (slot) => after[slot]!);
  }
  for (const layer of order) place(layer, (slot) => [...before[slot]!, ...after[slot]!]);
  return centres;
}
