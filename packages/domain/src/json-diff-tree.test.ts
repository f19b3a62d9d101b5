import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type DiffNode, diffTree, MOST_DIFF_NODES } from "./json-diff-tree.ts";
import { diffJson } from "./json-diff.ts";
import { equalJson } from "./json-patch.ts";
import { parsePointer, valueAt } from "./json-pointer.ts";
import type { Json } from "./json.ts";

const tree = (from: Json, to: Json, compact = false) => diffTree(from, to, { compact });

/** What a screen would print. */
function printed(nodes: readonly DiffNode[]): string[] {
  const signs = { ADDED: "+", REMOVED: "-", CHANGED: "~", UNCHANGED: " " };
  return nodes.map((node) => {
    const values = [node.before, node.after].map((value) => (value === undefined ? "" : JSON.stringify(value)));
    const what = node.folded === null ? (node.container ?? values.join(">")) : `${node.folded} unchanged`;
    return `${signs[node.kind]} ${"  ".repeat(node.depth)}${node.key ?? node.index ?? "."} ${what} ${node.changes}`;
  });
}

/** The document on one side, put together from the nodes of a tree that leaves nothing out. */
function side(nodes: readonly DiffNode[], older: boolean): Json {
  let at = 0;
  const read = (): Json => {
    const { container, depth, ...node } = nodes[at++] as DiffNode;
    if (container === null) return (older ? node.before : node.after) as Json;
    const members: [string, Json][] = [];
    while ((nodes[at]?.depth ?? -1) === depth + 1) {
      const { kind, key } = nodes[at] as DiffNode;
      const value = read();
      if (kind !== (older ? "ADDED" : "REMOVED")) members.push([key ?? "", value]);
    }
    return container === "LIST" ? members.map(([, value]) => value) : Object.fromEntries(members);
  };
  return read();
}

const json = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom<Json>(null, true, 0, 1, 2, "x"),
    fc.array(tie("value"), { maxLength: 6 }),
    fc.dictionary(fc.constantFrom("a", "b", "c", "~/", "", "1", "constructor"), tie("value"), { maxKeys: 5 }),
  ),
})).value;

describe("diffTree", () => {
  it("shows what was added, removed and changed where it stands", () => {
    const from = { keep: 1, old: [1], plan: { owner: "ada", steps: ["a", "b", "d"] }, type: { a: 1 } };
    const to = { keep: 1, new: null, plan: { owner: "bob", steps: ["a", "b", "c", "d"] }, type: [1] };
    expect(printed(tree(from, to).nodes)).toEqual([
      "~ . OBJECT 5",
      "    keep 1>1 0",
      "+   new >null 1",
      "-   old [1]> 1",
      "~   plan OBJECT 2",
      '~     owner "ada">"bob" 1',
      "~     steps LIST 1",
      '        0 "a">"a" 0',
      '        1 "b">"b" 0',
      '+       2 >"c" 1',
      '        3 "d">"d" 0',
      '~   type {"a":1}>[1] 1',
    ]);
    expect(printed(tree(from, to, true).nodes)).toEqual([
      "~ . OBJECT 5",
      "    keep 1 unchanged 0",
      "+   new >null 1",
      "-   old [1]> 1",
      "~   plan OBJECT 2",
      '~     owner "ada">"bob" 1',
      "~     steps LIST 1",
      "        0 2 unchanged 0",
      '+       2 >"c" 1',
      "        3 1 unchanged 0",
      '~   type {"a":1}>[1] 1',
    ]);
    expect(tree(from, to).counts).toEqual({ added: 2, removed: 1, changed: 2 });
  });

  it("names what it shows by its place in the newer document, and what was removed by that in the older", () => {
    const items = (...ids: number[]) => ids.map((id) => ({ id, text: `item ${id}`, tags: ["x", "y"] }));
    const from = { "a/b": items(1, 2, 3) };
    const to = { "a/b": [...items(0, 1), { id: 2, text: "item 2", tags: ["y"] }, ...items(3)] };
    const { nodes } = tree(from, to, true);
    expect(
      nodes.filter(({ changes, container }) => changes > 0 && container === null).map(({ kind, path }) => [kind, path]),
    ).toEqual([
      ["ADDED", "/a~1b/0"],
      ["REMOVED", "/a~1b/1/tags/0"],
    ]);
  });

  it("is one node for equal documents, when it is compact", () => {
    expect(printed(tree({ a: [1, 2] }, { a: [1, 2] }, true).nodes)).toEqual(["  . 1 unchanged 0"]);
    expect(printed(tree({ a: [1] }, { a: [1] }).nodes)).toEqual(["  . OBJECT 0", "    a LIST 0", "      0 1>1 0"]);
  });

  it("leads from one document to the other, and counts right", () => {
    fc.assert(
      fc.property(json, json, (from, to) => {
        const { nodes, counts } = tree(from, to);
        expect(equalJson(side(nodes, true), from)).toBe(true);
        expect(equalJson(side(nodes, false), to)).toBe(true);
        const leaves = (kind: DiffNode["kind"]) =>
          nodes.filter((node) => node.kind === kind && node.container === null);
        expect(counts).toEqual({
          added: leaves("ADDED").length,
          removed: leaves("REMOVED").length,
          changed: leaves("CHANGED").length,
        });
        expect(counts.added + counts.removed + counts.changed).toBe(diffJson(from, to).length);
        for (const [at, { depth, changes, container, kind }] of nodes.entries()) {
          const end = nodes.findIndex((later, place) => place > at && later.depth <= depth);
          const beneath = nodes.slice(at, end === -1 ? undefined : end);
          const changed = beneath.filter((node) => node.kind !== "UNCHANGED" && node.container === null);
          expect(changes).toBe(changed.length);
          if (container !== null) expect(kind).toBe(changed.length > 0 ? "CHANGED" : "UNCHANGED");
        }
        for (const { path, kind, before, after, container } of nodes) {
          const there = valueAt(kind === "REMOVED" ? from : to, parsePointer(path) ?? []);
          if (container === null) expect(there).toEqual(kind === "REMOVED" ? before : after);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it("says the same when it is compact, but for what is unchanged", () => {
    fc.assert(
      fc.property(json, json, (from, to) => {
        const [full, compact] = [tree(from, to), tree(from, to, true)];
        const changed = ({ kind }: DiffNode) => kind !== "UNCHANGED";
        expect(compact.nodes.filter(changed)).toEqual(full.nodes.filter(changed));
        expect(compact.counts).toEqual(full.counts);
        for (const [at, node] of compact.nodes.entries()) {
          expect(node.folded === null).toBe(node.kind !== "UNCHANGED");
          const next = compact.nodes[at + 1];
          if (node.folded !== null && next?.depth === node.depth) expect(next.folded).toBeNull();
        }
        const unchanged = compact.nodes.reduce((total, { folded }) => total + (folded ?? 0), 0);
        const members = full.nodes.filter(({ kind, path }) => kind === "UNCHANGED" && !within(full.nodes, path));
        expect(unchanged).toBe(members.length);
      }),
      { numRuns: 1_000 },
    );
  });

  it("is bounded, and says what it leaves out", () => {
    const from = { a: [], list: Array.from({ length: 20_000 }, (_, at) => at), z: 1 };
    const to = { a: [], list: from.list.map((at) => -at - 1), z: 2 };
    const { nodes, counts } = tree(from, to);
    expect(nodes).toHaveLength(MOST_DIFF_NODES);
    expect(nodes.filter(({ omitted }) => omitted > 0).map(({ path, omitted }) => [path, omitted])).toEqual([
      ["", 1],
      ["/list", 20_003 - MOST_DIFF_NODES],
    ]);
    expect(counts).toEqual({ added: 0, removed: 0, changed: 20_001 });
  });
});

/** Whether a container that is itself unchanged holds this path. */
function within(nodes: readonly DiffNode[], path: string): boolean {
  return nodes.some(
    (node) =>
      node.kind === "UNCHANGED" && node.container !== null && path !== node.path && path.startsWith(`${node.path}/`),
  );
}
