import { describe, expect, it } from "vitest";
import { type JsonLine, jsonLines } from "#components/json/json-lines.ts";
import { carriedFolds, foldedAtFirst, foldedText, visibleLines } from "#components/json/visible-lines.ts";

const bars = (count: number) => Array.from({ length: count }, (_, bar) => ({ bar, played: false }));
const shown = (value: unknown, change: (folded: Set<number>) => void = () => {}) => {
  const lines = jsonLines(value);
  const folded = foldedAtFirst(lines);
  change(folded);
  return visibleLines(lines, folded).map((at) => {
    const line = lines[at] as JsonLine;
    return line.text.trim() + (folded.has(at) ? foldedText(line, lines) : "");
  });
};

describe("visibleLines", () => {
  const song = { bars: bars(40), tempo: "largo" };

  it("folds what is long, so that what is beside it can be seen", () => {
    expect(shown(song)).toEqual(["{", '"bars": [ … 40 items ],', '"tempo": "largo"', "}"]);
  });

  it("opens from the outside in while there is room", () => {
    const songs = { songs: { one: { bars: bars(400) }, two: { bars: bars(15) } } };
    const lines = shown(songs);
    expect(lines.slice(0, 4)).toEqual(["{", '"songs": {', '"one": {', '"bars": [ … 400 items ]']);
    expect(lines).toHaveLength(7 + 15 * 4 + 4);
  });

  it("shows all of what is short", () => {
    expect(shown({ bars: bars(25) })).toHaveLength(104);
  });

  it("unfolds and folds as the reader likes", () => {
    expect(shown(song, (folded) => folded.delete(1))).toHaveLength(jsonLines(song).length);
    expect(shown(song, (folded) => folded.add(0))).toEqual(["{ … 2 keys }"]);
  });

  it("stays as the reader left it when the value changes", () => {
    const lines = jsonLines({ a: { b: 1 }, bars: bars(40) });
    const next = jsonLines({ a: { b: 1 }, added: bars(1), bars: bars(41) });
    const folded = carriedFolds(next, { lines, folded: new Set([1]) });
    expect([...folded].map((at) => next[at]?.name)).toEqual(["a"]);
  });

  it("is quick with a large value", () => {
    const begun = performance.now();
    expect(shown({ songs: Array.from({ length: 300 }, () => ({ bars: bars(20) })) })).toHaveLength(3);
    expect(performance.now() - begun).toBeLessThan(500);
  });
});
