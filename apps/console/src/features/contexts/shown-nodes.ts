interface PlacedNode {
  readonly depth: number;
}

/** Which nodes of a tree are to be seen, when some are closed: each node is followed by what is in it, one deeper. */
export function shownNodes(tree: readonly PlacedNode[], closed: ReadonlySet<number>): number[] {
  const shown: number[] = [];
  let hiddenBelow = Infinity;
  for (const [at, { depth }] of tree.entries()) {
    if (depth > hiddenBelow) continue;
    hiddenBelow = closed.has(at) ? depth : Infinity;
    shown.push(at);
  }
  return shown;
}
