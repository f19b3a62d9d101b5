/** The layers of a graph from left to right, each an order from top to bottom; edges only lead from one layer to the next. */
export interface LayeredGraph {
  readonly layers: readonly (readonly number[])[];
  /** By node: its neighbours in the layer before, and in the one after. */
  readonly before: readonly (readonly number[])[];
  readonly after: readonly (readonly number[])[];
}

const SWEEPS = 8;

/**
 * Orders each layer so that few edges cross: every node goes to the middle of its neighbours, layer by layer, to and fro, and
 * the best order that came up is kept. What was first among equals stays first.
 */
export function orderLayers({ layers, before, after }: LayeredGraph): number[][] {
  let order = layers.map((layer) => [...layer]);
  let best = order;
  let fewest = crossings(order, after);
  for (let sweep = 0; sweep < SWEEPS && fewest > 0; sweep += 1) {
    const forth = sweep % 2 === 0;
    order = order.map((layer) => [...layer]);
    for (let step = 1; step < order.length; step += 1) {
      const index = forth ? step : order.length - 1 - step;
      const beside = placesIn(order[forth ? index - 1 : index + 1] ?? []);
      const places = placesIn(order[index] ?? []);
      const middle = new Map(
        order[index]?.map((node) => {
          const neighbours = (forth ? before : after)[node] ?? [];
          const sum = neighbours.reduce((total, neighbour) => total + (beside.get(neighbour) ?? 0), 0);
          return [node, neighbours.length === 0 ? (places.get(node) ?? 0) : sum / neighbours.length];
        }),
      );
      order[index]?.sort((one, other) => (middle.get(one) ?? 0) - (middle.get(other) ?? 0));
    }
    const now = crossings(order, after);
    if (now < fewest) [best, fewest] = [order, now];
  }
  return best;
}

/** How many pairs of edges cross. */
export function crossings(order: readonly (readonly number[])[], after: LayeredGraph["after"]): number {
  let count = 0;
  for (const [index, layer] of order.entries()) {
    const places = placesIn(order[index + 1] ?? []);
    const seen = new Int32Array(places.size + 1);
    let total = 0;
    for (const node of layer) {
      const ends = (after[node] ?? []).map((next) => places.get(next) ?? 0);
      // Of the edges that began above, those cross that end below.
      for (const end of ends) {
        let notBelow = 0;
        for (let at = end + 1; at > 0; at -= at & -at) notBelow += seen[at] ?? 0;
        count += total - notBelow;
      }
      for (const end of ends) {
        total += 1;
        for (let at = end + 1; at < seen.length; at += at & -at) seen[at] = (seen[at] ?? 0) + 1;
      }
    }
  }
  return count;
}

function placesIn(layer: readonly number[]): ReadonlyMap<number, number> {
  return new Map(layer.map((node, place) => [node, place]));
}
