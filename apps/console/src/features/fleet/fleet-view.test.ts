import { expect, it } from "vitest";
import { fleetAddress, narrows, toggleState, viewOf } from "#features/fleet/fleet-view.ts";
import { routes } from "#routes.ts";

const read = (address: string) => fleetAddress(new URLSearchParams(address));
const project = { workspace: "demo", project: "app" };

it("reads an address, and leaves out what cannot be", () => {
  expect(read("state=error,nonsense&search=+builder+&order=-since&look=grid&at=yesterday")).toMatchObject({
    state: ["ERROR"],
    search: "builder",
    order: { by: "since", descending: true },
    look: "grid",
    at: undefined,
  });
});

it("takes states of the search for chosen states", () => {
  expect(read("state=ERROR&search=state:busy+core")).toMatchObject({ state: ["BUSY", "ERROR"], search: "core" });
});

it("says again what it has read", () => {
  const address =
    "/projects/demo/app/fleet?state=ERROR&search=label%3Ateam%3Dcore&order=-since&look=grid&at=2026-11-21T10%3A00%3A00.000Z&range=6h";
  expect(routes.fleet(project, viewOf(read(address.slice(address.indexOf("?")))))).toBe(address);
  expect(routes.fleet(project, viewOf(read("")))).toBe("/projects/demo/app/fleet");
});

it("adds a state and takes it away again", () => {
  const some = toggleState(read("state=ERROR"), "BUSY");
  expect(some.state).toEqual(["ERROR", "BUSY"]);
  expect(toggleState(some, "ERROR").state).toEqual(["BUSY"]);
});

it("knows whether it leaves agents out", () => {
  expect(narrows(read(""))).toBe(false);
  expect(narrows(read("state=ERROR"))).toBe(true);
  expect(narrows(read("search=x"))).toBe(true);
});
