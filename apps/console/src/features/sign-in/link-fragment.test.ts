import { expect, it } from "vitest";
import { linkIn } from "#features/sign-in/link-fragment.ts";

it.each([
  ["#link=lnk_abc-DEF_123", "lnk_abc-DEF_123"],
  ["#link=a%2Bb", "a+b"],
  ["#theme=dark&link=abc", "abc"],
  ["#link=", null],
  ["#linked=abc", null],
  ["#", null],
  ["", null],
])("finds the token of a one-time link in %j", (fragment, link) => {
  expect(linkIn(fragment)).toBe(link);
});
