import { describe, expect, it } from "vitest";
import { fleetFilter, narrows, toggleState } from "#features/fleet/fleet-filter.ts";
import { routes } from "#routes.ts";

const read = (address: string) => fleetFilter(new URLSearchParams(address));

describe("what an address says about the fleet", () => {
  it("is all agents when it says nothing", () => {
    expect(read("")).toEqual({ state: [], search: "", after: undefined, before: undefined });
    expect(narrows(read(""))).toBe(false);
  });

  it("is states in any case, and leaves out what is none", () => {
    expect(read("state=busy,ERROR,nonsense,").state).toEqual(["BUSY", "ERROR"]);
    expect(read("state=constructor").state).toEqual([]);
    expect(narrows(read("state=BUSY"))).toBe(true);
  });

  it("is a search without the blanks around it", () => {
    expect(read("search=%20tester%20").search).toBe("tester");
    expect(narrows(read("search=t"))).toBe(true);
    expect(narrows(read("search=%20"))).toBe(false);
  });

  it("is one page, never two", () => {
    expect(read("after=a")).toMatchObject({ after: "a", before: undefined });
    expect(read("after=a&before=b")).toMatchObject({ after: undefined, before: "b" });
  });

  it("turns states on and off, and goes back to the first page", () => {
    const busy = toggleState(read("search=t&after=a"), "BUSY");
    expect(busy).toEqual({ state: ["BUSY"], search: "t", after: undefined, before: undefined });
    expect(toggleState(toggleState(busy, "ERROR"), "BUSY").state).toEqual(["ERROR"]);
  });

  it("is read as it was written", () => {
    const filter = read("state=BUSY,ERROR&search=a%2Cb%20%26&before=x%3D");
    const address = routes.fleet({ workspace: "demo", project: "app" }, filter);
    expect(address).toContain("?state=BUSY,ERROR&");
    expect(read(address.slice(address.indexOf("?")))).toEqual(filter);
  });
});
