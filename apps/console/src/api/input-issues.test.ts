import { expect, it } from "vitest";
import { atFields } from "#api/input-issues.ts";

const FIELDS = ["name", "url", "filter.agents"];

it("puts each issue at its field, and of a field the first", () => {
  const issues = [
    { path: ["url"], message: "must begin with https://." },
    { path: ["url"], message: "is too long." },
    { path: ["filter", "agents", "0"], message: "must be an id of this kind: agent." },
  ];
  expect(atFields(issues, FIELDS)).toEqual({
    problems: { url: "Must begin with https://.", "filter.agents": "Must be an id of this kind: agent." },
    rest: [],
  });
});

it("keeps what is at no field", () => {
  const issues = [
    { path: [], message: "is empty." },
    { path: ["filter", "agentsOfOld"], message: "is not known." },
    { path: ["names"], message: "is not known." },
  ];
  expect(atFields(issues, FIELDS)).toEqual({
    problems: {},
    rest: ["Is empty.", "filter.agentsOfOld is not known.", "names is not known."],
  });
});
