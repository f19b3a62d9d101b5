import { expect, it } from "vitest";
import { projectPath, projectRoute, routes } from "#routes.ts";

const demo = { workspace: "demo", project: "app" };

it("makes addresses of a project's pages", () => {
  expect(routes.fleet(demo)).toBe("/projects/demo/app/fleet");
  expect(routes.agent(demo, "agent_1", { event: "event_7" })).toBe("/projects/demo/app/agents/agent_1?event=event_7");
  expect(routes.context(demo, "ctx_1")).toBe("/projects/demo/app/contexts/ctx_1");
  expect(routes.context(demo, "ctx_1", { compare: { from: 5, to: 7 } })).toBe(
    "/projects/demo/app/contexts/ctx_1?compare=5..7",
  );
});

it("keeps whatever a name holds inside of its place", () => {
  expect(routes.agent(demo, "../../?x=#y")).toBe("/projects/demo/app/agents/..%2F..%2F%3Fx%3D%23y");
  expect(routes.signIn({ next: "/projects/a/b?c=d&e=f" })).toBe("/sign-in?next=%2Fprojects%2Fa%2Fb%3Fc%3Dd%26e%3Df");
});

it("goes from a path to its parts and back", () => {
  expect(projectRoute("demo/app")).toEqual(demo);
  expect(projectPath(demo)).toBe("demo/app");
});
