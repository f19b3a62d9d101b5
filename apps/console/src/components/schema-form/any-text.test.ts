import { expect, test } from "vitest";
import { anyText, readAny } from "#components/schema-form/any-text.ts";

test.each([
  ["plain", "plain"],
  [12, "12"],
  ["12", '"12"'],
  [true, "true"],
  ["true", '"true"'],
  [{ a: 1 }, '{"a":1}'],
  ["", '""'],
  ["[x", '"[x"'],
])("%j is written as %s, and read back", (value, text) => {
  expect(anyText(value)).toBe(text);
  const read = readAny(text);
  expect("value" in read ? read.value : "text" in read ? read.text : undefined).toEqual(value);
});

test("does not take JSON that is not finished for a text", () => {
  expect(readAny('{"a": ')).toEqual({ broken: true });
});
