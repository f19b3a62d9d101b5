import { describe, expect, it } from "vitest";
import { contextsFilter, viewOf } from "#features/contexts/contexts-filter.ts";

const filter = (address: string) => contextsFilter(new URLSearchParams(address));

describe("contextsFilter", () => {
  it("reads an address, and leaves out what cannot be", () => {
    expect(filter("rollback=pending&search=%20plan%20&after=x")).toEqual({
      rollback: "pending",
      search: "plan",
      after: "x",
      before: undefined,
    });
    expect(filter("rollback=toString&after=x&before=y")).toMatchObject({
      rollback: "all",
      after: undefined,
      before: "y",
    });
  });

  it("says nothing of what it does not narrow", () => {
    expect(viewOf(filter(""))).toEqual({ rollback: undefined, search: "", after: undefined, before: undefined });
    expect(viewOf(filter("rollback=failed")).rollback).toBe("failed");
  });
});
