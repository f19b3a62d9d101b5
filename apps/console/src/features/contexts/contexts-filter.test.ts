import { describe, expect, it } from "vitest";
import { contextsFilter, isNarrowed, viewOf } from "#features/contexts/contexts-filter.ts";

const filter = (address: string) => contextsFilter(new URLSearchParams(address));

describe("contextsFilter", () => {
  it("reads an address, and leaves out what cannot be", () => {
    expect(filter("rollback=pending&search=%20plan%20&agent=agent_01ab&columns=name")).toEqual({
      rollback: "pending",
      search: "plan",
      agent: "agent_01ab",
      shared: false,
      columns: "name",
    });
    expect(filter("rollback=toString&agent=task_01")).toMatchObject({ rollback: "all", agent: undefined });
  });

  it("says nothing of what it does not narrow", () => {
    expect(viewOf(filter(""))).toEqual({
      rollback: undefined,
      search: "",
      agent: undefined,
      shared: undefined,
      columns: undefined,
    });
    expect(viewOf(filter("shared=yes")).shared).toBe("yes");
    expect(viewOf(filter("rollback=failed")).rollback).toBe("failed");
    expect(
      ["", "columns=name", "search=a", "agent=agent_1", "rollback=failed", "shared=yes", "shared=no"].map((each) =>
        isNarrowed(filter(each)),
      ),
    ).toEqual([false, false, true, true, true, true, false]);
  });
});
