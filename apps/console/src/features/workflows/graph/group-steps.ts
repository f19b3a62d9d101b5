/** A step of a workflow, as far as its place in the graph goes. */
export interface GraphStep {
  readonly step: string;
  readonly kind: string;
}

export interface GraphEdge<Condition = string> {
  readonly from: string;
  readonly to: string;
  readonly condition: Condition;
}

/** What stands in the graph: one step, or several that are alike. */
export interface Block {
  /** The step's name; of several the first one's, marked. */
  readonly id: string;
  readonly steps: readonly string[];
  /** How far from the beginning: the longest way there. */
  readonly layer: number;
}

export interface BlockGraph<Condition = string> {
  readonly blocks: readonly Block[];
  readonly edges: readonly GraphEdge<Condition>[];
}

/** So many steps that are alike in name, kind and place stand as one. */
const FEWEST_ALIKE = 5;
/** So many of one kind and place do, also when their names have nothing in common. */
const FEWEST_OF_A_KIND = 12;
/** Alike is decided by what comes before and after, so many steps far. */
const REACH = 12;

/**
 * Puts steps that are alike into one block: the same kind, at the same distance from the beginning, between steps that are
 * alike in turn. A fan-out of 500 becomes one, and 500 chains become one chain. Blocks stand in the order of their steps.
 */
export function groupSteps<Condition extends string>(
  steps: readonly GraphStep[],
  given: readonly GraphEdge<Condition>[],
): BlockGraph<Condition> {
  const known = new Set(steps.map(({ step }) => step));
  const edges = given.filter(({ from, to }) => known.has(from) && known.has(to));
  const layers = layersOf(steps, edges);
  const classOf = new Map<string, string>();
  const put = (classes: ReadonlyMap<string, number>, fewest: number, prefix: string) => {
    const left = steps.filter(({ step }) => !classOf.has(step));
    for (const [colour, members] of Map.groupBy(left, ({ step }) => classes.get(step))) {
      if (members.length >= fewest) for (const { step } of members) classOf.set(step, `${prefix}${colour}`);
    }
  };
  if (steps.length >= FEWEST_ALIKE) {
    put(
      alike(steps, edges, layers, ({ step, kind }) => `${kind} ${stem(step)}`),
      FEWEST_ALIKE,
      "name",
    );
    put(
      alike(steps, edges, layers, ({ kind }) => kind),
      FEWEST_OF_A_KIND,
      "kind",
    );
  }
  const blockOf = new Map<string, string>();
  const blocks = [...Map.groupBy(steps, ({ step }) => classOf.get(step) ?? `step ${step}`).values()].map(
    ([first, ...rest]): Block => {
      const names = [first!, ...rest].map(({ step }) => step);
      const id = names.length === 1 ? names[0]! : `×${names[0]}`;
      for (const name of names) blockOf.set(name, id);
      return { id, steps: names, layer: layers.get(names[0]!) ?? 0 };
    },
  );
  const between = new Map<string, GraphEdge<Condition>>();
  for (const { from, to, condition } of edges) {
    const edge = { from: blockOf.get(from)!, to: blockOf.get(to)!, condition };
    between.set(`${edge.from}\n${edge.to}\n${condition}`, edge);
  }
  return { blocks, edges: [...between.values()] };
}

/** How long the longest way to each step is. What is in a circle, which the API refuses, counts as the beginning. */
export function layersOf(steps: readonly GraphStep[], edges: readonly GraphEdge[]): ReadonlyMap<string, number> {
  const waiting = new Map(steps.map(({ step }) => [step, 0]));
  for (const { to } of edges) waiting.set(to, (waiting.get(to) ?? 0) + 1);
  const onwards = Map.groupBy(edges, ({ from }) => from);
  const layers = new Map(steps.map(({ step }) => [step, 0]));
  const ready = [...waiting].filter(([, count]) => count === 0).map(([step]) => step);
  for (const step of ready) {
    for (const { to } of onwards.get(step) ?? []) {
      layers.set(to, Math.max(layers.get(to) ?? 0, (layers.get(step) ?? 0) + 1));
      const left = (waiting.get(to) ?? 0) - 1;
      waiting.set(to, left);
      if (left === 0) ready.push(to);
    }
  }
  return layers;
}

/** Gives steps the same number that cannot be told apart: by what `nameOf` says, and by their neighbours' numbers in turn. */
function alike(
  steps: readonly GraphStep[],
  edges: readonly GraphEdge[],
  layers: ReadonlyMap<string, number>,
  nameOf: (step: GraphStep) => string,
): ReadonlyMap<string, number> {
  const before = Map.groupBy(edges, ({ to }) => to);
  const after = Map.groupBy(edges, ({ from }) => from);
  let { colours, count } = numbered(steps, (step) => `${layers.get(step.step)} ${nameOf(step)}`);
  for (let round = 0; round < REACH; round += 1) {
    const last = colours;
    const seen = (neighbours: readonly string[]) =>
      [...new Set(neighbours.map((name) => last.get(name)))].toSorted((a, b) => a! - b!).join(",");
    const next = numbered(steps, ({ step }) => {
      const waitsFor = before.get(step) ?? [];
      const first = seen(waitsFor.map(({ from }) => from));
      const then = seen((after.get(step) ?? []).map(({ to }) => to));
      return `${last.get(step)} ${waitsFor[0]?.condition} ${first} | ${then}`;
    });
    colours = next.colours;
    if (next.count === count) break;
    ({ count } = next);
  }
  return colours;
}

function numbered(steps: readonly GraphStep[], signature: (step: GraphStep) => string) {
  const numbers = new Map<string, number>();
  const colours = new Map<string, number>();
  for (const step of steps) {
    const said = signature(step);
    const number = numbers.get(said) ?? numbers.size;
    numbers.set(said, number);
    colours.set(step.step, number);
  }
  return { colours, count: numbers.size };
}

/** "shard-17" and "shard-18" are "shard-#". */
export function stem(name: string): string {
  return name.replaceAll(/\d+/g, "#");
}
