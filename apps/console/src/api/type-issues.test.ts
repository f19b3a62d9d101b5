import { expect, it } from "vitest";
import { typeIssuesOf } from "#api/type-issues.ts";

const said = (value: string, place: string, reason: string) =>
  `Variable "$input" got invalid value ${value} at "input${place}"; ${reason}`;

it.each([
  [
    said('"high"', ".task.priority", 'Int cannot represent non-integer value: "high"'),
    "task.priority must be a whole number.",
  ],
  [
    said("9e99", ".task.priority", "Int cannot represent non 32-bit signed integer value: 9e99"),
    "task.priority is too large a number.",
  ],
  [said("5", ".task.kind", "String cannot represent a non string value: 5"), "task.kind must be a text."],
  [
    said(
      "{ input: {} }",
      ".task",
      'Expected value of type "ScheduleTaskInput" to include required field "kind", found: { input: {} }.',
    ),
    "task.kind is missing.",
  ],
  [
    said(
      "{ bogus: 1 }",
      ".task",
      'Expected value of type "ScheduleTaskInput" not to include unknown field "bogus", found: { bogus: 1 }.',
    ),
    "task.bogus is not known here.",
  ],
  [
    said('"text"', ".task", 'Expected value of type "ScheduleTaskInput" to be an object, found: "text".'),
    "task must be an object.",
  ],
  [said('"a at "b"; c"', ".name", "Something else."), "name is not of the right type."],
])("says what %s is about", (message, sentence) => {
  expect(typeIssuesOf([message]).map(({ path, message: says }) => `${path.join(".")} ${says}`)).toEqual([sentence]);
});

it("leaves other errors alone", () => {
  expect(typeIssuesOf(["Cannot query field x.", ""])).toEqual([]);
});
