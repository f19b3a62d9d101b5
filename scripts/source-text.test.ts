import { expect, it } from "vitest";
import { importsOf, isBarrel } from "./source-text.ts";

it("finds what a file imports, in every form", () => {
  const text = [
    `import a from "one";`,
    `import {\n  b,\n  type C,\n} from "@two/three/file.ts";`,
    `import type { D } from './four.ts';`,
    `import "five";`,
    `export { e } from "six";`,
    `const f = await import("seven");`,
    `// import g from "not";`,
    `/* import h from "not-either"; */`,
    `export const i = "nor this";`,
    `export function j(from: string) { return "from this"; }`,
  ].join("\n");
  expect(importsOf(text)).toEqual(["one", "@two/three/file.ts", "./four.ts", "five", "six", "seven"]);
});

it.each([
  [`export * from "./a.ts";`, true],
  [`export { a } from "./a.ts";`, true],
  [`export * as a from "./a.ts";`, true],
  [`export type { A } from "./a.ts";`, false],
  [`export const a = 1;`, false],
  [`// export { a } from "./a.ts";`, false],
])("tells files that pass on values: %s", (text, expected) => {
  expect(isBarrel(text)).toBe(expected);
});
