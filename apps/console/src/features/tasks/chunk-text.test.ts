import { expect, it } from "vitest";
import { chunkOf, pieceLines, textLines } from "#features/tasks/chunk-text.ts";

const chunks = (...values: unknown[]) =>
  values.map((chunk, place) => chunkOf({ number: place + 1, attempt: 1, chunk, at: new Date(0) }));
const texts = (lines: readonly { readonly text: string }[]) => lines.map(({ text }) => text);

it("puts texts together, and breaks them where they break", () => {
  expect(texts(textLines(chunks("Once ", "upon\na ", "time\n", "the end")))).toEqual([
    "Once upon",
    "a time",
    "the end",
  ]);
  expect(texts(textLines(chunks("a\n", "\n", "b")))).toEqual(["a", "", "b"]);
});

it("gives what is no text a line of its own", () => {
  expect(texts(textLines(chunks("so ", { n: 1 }, "far")))).toEqual(["so ", '{"n":1}', "far"]);
});

it("begins anew with each attempt", () => {
  const [first, second] = chunks("first ", "second");
  expect(texts(textLines([first!, { ...second!, attempt: 2 }]))).toEqual(["first ", "second"]);
});

it("has a key for each line that stays while more comes", () => {
  const all = chunks("a\nb", "c\n", "d", { e: 1 }, "f");
  const keys = textLines(all).map(({ key }) => key);
  expect(new Set(keys).size).toBe(keys.length);
  expect(textLines(all.slice(0, 2)).map(({ key }) => key)).toEqual(keys.slice(0, 2));
});

it("breaks endless lines and cuts endless chunks", () => {
  expect(textLines(chunks(...Array.from({ length: 30 }, () => "x".repeat(100)))).length).toBe(3);
  expect(pieceLines(chunks("x".repeat(9_000)))[0]?.text).toMatch(/… 1000 more characters$/);
});
