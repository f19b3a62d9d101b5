import { describe, expect, it } from "vitest";
import { type GraphEdge, groupSteps, layersOf } from "#features/workflows/graph/group-steps.ts";

const step = (name: string, kind = name.replace(/-.*/, "")) => ({ step: name, kind });
const edge = (from: string, to: string): GraphEdge => ({ from, to, condition: "ALL_SUCCEEDED" });
const many = (name: string, count: number) => Array.from({ length: count }, (_, n) => step(`${name}-${n}`));

describe("layers", () => {
  it("are the longest way from the beginning", () => {
    const steps = ["a", "b", "c", "d"].map((name) => step(name));
    const layers = layersOf(steps, [edge("a", "b"), edge("b", "c"), edge("a", "c"), edge("a", "d")]);
    expect(Object.fromEntries(layers)).toEqual({ a: 0, b: 1, c: 2, d: 1 });
  });

  it("end also when what is given goes in a circle", () => {
    expect([...layersOf([step("a"), step("b")], [edge("a", "b"), edge("b", "a")]).values()]).toEqual([0, 0]);
  });
});

describe("steps that are alike", () => {
  it("stand as one block between what they wait for and what waits for them", () => {
    const shards = many("shard", 500);
    const { blocks, edges } = groupSteps(
      [step("split"), ...shards, step("join")],
      shards.flatMap(({ step: name }) => [edge("split", name), edge(name, "join")]),
    );
    expect(blocks.map(({ id, steps, layer }) => [id, steps.length, layer])).toEqual([
      ["split", 1, 0],
      ["×shard-0", 500, 1],
      ["join", 1, 2],
    ]);
    expect(edges.map(({ from, to }) => `${from}>${to}`)).toEqual(["split>×shard-0", "×shard-0>join"]);
  });

  it("make one chain of many chains", () => {
    const [fetch, encode] = [many("fetch", 40), many("encode", 40)];
    const { blocks, edges } = groupSteps(
      [step("start"), ...fetch, ...encode],
      fetch.flatMap(({ step: name }, n) => [edge("start", name), edge(name, `encode-${n}`)]),
    );
    expect(blocks.map(({ steps }) => steps.length)).toEqual([1, 40, 40]);
    expect(edges).toHaveLength(2);
  });

  it("are told apart by kind, by what comes before, and by the condition", () => {
    const steps = [step("a"), step("b"), ...many("x", 6), ...many("y", 6)];
    const edges = [
      ...[0, 1, 2, 3, 4, 5].map((n) => edge(n < 3 ? "a" : "b", `x-${n}`)),
      ...[0, 1, 2, 3, 4, 5].map((n) => ({ ...edge("a", `y-${n}`), condition: n < 5 ? "ALL_SUCCEEDED" : "ALL_ENDED" })),
    ];
    expect(groupSteps(steps, edges).blocks.map(({ steps: inside }) => inside.length)).toEqual([
      1, 1, 1, 1, 1, 1, 1, 1, 5, 1,
    ]);
  });

  it("are left alone when they are few or have names of their own, and put together when those are too many", () => {
    expect(groupSteps(many("few", 4), []).blocks).toHaveLength(4);
    const named = (count: number) =>
      Array.from({ length: count }, (_, n) => step(`test ${"abcdefghijklmnopqrst"[n]}`, "test"));
    expect(groupSteps(named(11), []).blocks).toHaveLength(11);
    expect(groupSteps(named(12), []).blocks).toHaveLength(1);
  });

  it("ignores dependencies on steps that are not there", () => {
    expect(groupSteps([step("a")], [edge("gone", "a")]).edges).toEqual([]);
  });
});
