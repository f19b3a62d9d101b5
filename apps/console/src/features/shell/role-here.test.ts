import { expect, it } from "vitest";
import { roleHere } from "#features/shell/role-here.ts";

const demo = { slug: "demo" };
const here = { workspace: "demo", project: "app" };
const viewer = { role: "VIEWER", workspace: demo, project: null } as const;
const developer = { role: "DEVELOPER", workspace: demo, project: { path: "demo/app" } } as const;
const admin = { role: "ADMIN", workspace: null, project: null } as const;

it("is the highest role that reaches the project", () => {
  expect(roleHere([viewer, developer], here)).toBe(developer);
  expect(roleHere([developer, admin, viewer], here)).toBe(admin);
});

it("is not that of another project or workspace", () => {
  expect(roleHere([viewer, developer], { workspace: "demo", project: "other" })).toBe(viewer);
  expect(roleHere([viewer, developer], { workspace: "else", project: "app" })).toBeNull();
});
