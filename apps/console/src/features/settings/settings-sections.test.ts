import { expect, it } from "vitest";
import { sectionAddress, sectionOf } from "./settings-sections.ts";

const project = { workspace: "demo", project: "app" };

it("finds the part that a path leads to", () => {
  expect(sectionOf(project, "/projects/demo/app/settings")).toBe("general");
  expect(sectionOf(project, "/projects/demo/app/settings/keys")).toBe("keys");
  expect(sectionOf(project, sectionAddress(project, "limits"))).toBe("limits");
  expect(sectionOf(project, "/projects/demo/app/settings/nonsense")).toBeNull();
});
