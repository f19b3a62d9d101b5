import { expect, it } from "vitest";
import { matrixOf } from "#features/settings/roles/role-matrix.ts";

const read = { name: "task.read", description: "See tasks." };
const cancel = { name: "task.cancel", description: "Cancel tasks." };
const views = { name: "savedView.manage", description: "Save views." };

it("has a row for each permission, by what it is about, and who holds it", () => {
  const { roles, groups } = matrixOf([
    { role: "VIEWER", permissions: [read] },
    { role: "ADMIN", permissions: [cancel, read, views] },
  ]);
  expect(roles).toEqual(["VIEWER", "ADMIN"]);
  expect(groups.map(({ subject }) => subject)).toEqual(["Saved view", "Task"]);
  expect(groups[1]?.permissions.map(({ name, holders }) => [name, [...holders]])).toEqual([
    ["task.read", ["VIEWER", "ADMIN"]],
    ["task.cancel", ["ADMIN"]],
  ]);
});
