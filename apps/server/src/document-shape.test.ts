import { parse } from "graphql";
import { describe, expect, it } from "vitest";
import { checkShape } from "./document-shape.ts";

const many = (count: number, text: (at: number) => string) =>
  Array.from({ length: count }, (_, at) => text(at)).join(" ");

/** The limit that a document is refused by. */
function refused(text: string): unknown {
  try {
    checkShape(parse(text));
    return null;
  } catch (error) {
    return (error as { extensions: { limit: string } }).extensions.limit;
  }
}

/** Each fragment uses the next one twice: 2^depth fields, in a text of a few hundred letters. */
const doubling = (depth: number) =>
  `{ a { ...f0 } } ${many(depth, (at) => `fragment f${at} on A { b { ...f${at + 1} } c { ...f${at + 1} } }`)} fragment f${depth} on A { d }`;

describe("the shape of a document", () => {
  it("passes what is within every limit", () => {
    expect(refused("query ($a: Int) { a(a: $a) { ...f x: b @include(if: true) } } fragment f on A { c }")).toBeNull();
    expect(refused(`{ a { ${many(500, (at) => `x${at}: b`)} } }`)).toBeNull();
    expect(refused(`{ ${many(100, () => "a")} }`)).toBeNull();
    expect(refused(`{ a { ${many(1_999, () => "b")} } }`)).toBeNull();
  });

  it.each([
    ["aliases", `{ a { ${many(501, (at) => `x${at}: b`)} } }`],
    ["rootFields", `{ ${many(101, () => "a")} }`],
    ["rootFields", `{ ...f } fragment f on Query { ${many(101, () => "a")} }`],
    ["rootFields", `{ ...on Query { ${many(101, () => "a")} } }`],
    ["rootFields", `query a { a } query b { ${many(101, () => "a")} }`],
    ["fields", `{ a { ${many(2_000, () => "b")} } }`],
    ["directives", `{ a ${many(101, () => "@skip(if: false)")} }`],
    ["directives", `query ${many(101, () => "@x")} { a }`],
    ["fragments", `{ a } ${many(101, (at) => `fragment f${at} on A { b }`)}`],
    ["spreads", `{ a { ${many(501, () => "...f")} } } fragment f on A { b }`],
    ["expandedFields", doubling(40)],
  ])("refuses too many %s", (limit, text) => {
    expect(refused(text)).toBe(`document.${limit}`);
  });

  it("ends on fragments that use each other, and leaves them to validation", () => {
    expect(refused("{ ...a } fragment a on Q { x ...b } fragment b on Q { y ...a }")).toBeNull();
  });

  it("takes no longer for a bomb than for a document", () => {
    const begun = performance.now();
    for (let round = 0; round < 100; round += 1) refused(doubling(90));
    expect(performance.now() - begun).toBeLessThan(2_000);
  });
});
