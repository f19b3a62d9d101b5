import { describe, expect, it } from "vitest";
import { BLANK, readCreateValues, valuesLike } from "#features/tasks/create-form.ts";

const agents = new Map([["tester", "agent_1"]]);
const read = (over: object) => readCreateValues({ ...BLANK, kind: "build", ...over }, agents);

describe("the form that creates a task", () => {
  it("leaves out what is left empty", () => {
    expect(read({})).toEqual({ problems: {}, fields: { kind: "build" } });
  });

  it("reads all that is given", () => {
    const { problems, fields } = read({
      agent: "tester",
      priority: "-5",
      timeout: "10m",
      labels: "zone=eu, gpu = a100",
      dependsOn: "task_1 task_2,task_1",
      deadline: "2026-11-21T10:00:00Z",
    });
    expect(problems).toEqual({});
    expect(fields).toEqual({
      kind: "build",
      agentId: "agent_1",
      priority: -5,
      timeoutMs: 600_000,
      labels: { zone: "eu", gpu: "a100" },
      dependsOn: ["task_1", "task_2"],
      dependencyCondition: "ALL_SUCCEEDED",
      deadline: "2026-11-21T10:00:00.000Z",
    });
  });

  it.each([
    ["kind", " "],
    ["agent", "nobody"],
    ["priority", "1.5"],
    ["timeout", "soon"],
    ["labels", "zone"],
    ["dependsOn", "the last one"],
    ["runAt", "tomorrow"],
  ])("says what is wrong with %s", (name, value) => {
    expect(Object.keys(read({ [name]: value }).problems)).toEqual([name]);
  });

  it.each([
    ["90s", 90_000],
    ["90", 90_000],
    ["1.5h", 5_400_000],
    ["250ms", 250],
  ])("reads %s as %d milliseconds", (text, milliseconds) => {
    expect(read({ timeout: text }).fields.timeoutMs).toBe(milliseconds);
  });

  it("shows a task that the new one is to be like, and creates such a one", () => {
    const input = {
      projectId: "prj_1",
      kind: "build",
      input: {},
      agentId: "agent_1",
      timeoutMs: 5_400_000,
      labels: { a: "b" },
    };
    const { fields } = readCreateValues(valuesLike(input, "tester"), agents);
    expect({ projectId: "prj_1", input: {}, ...fields }).toEqual(input);
  });
});
