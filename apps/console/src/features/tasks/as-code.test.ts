import { expect, it } from "vitest";
import { curlOf, programOf } from "#features/tasks/as-code.ts";

const input = { projectId: "prj_1", kind: "review", input: { title: "It's here" } };

it("quotes what a shell would read otherwise", () => {
  const command = curlOf(input, "http://127.0.0.1:4000");
  expect(command).toContain(`'\\''`);
  const [, quoted = ""] = command.split("--data ");
  const body = quoted.slice(1, -1).replaceAll("'\\''", "'");
  expect(JSON.parse(body)).toMatchObject({ variables: { input } });
});

it("writes a program that creates the same task", () => {
  expect(programOf(input, "http://127.0.0.1:4000")).toContain(JSON.stringify(input, null, 2));
});
