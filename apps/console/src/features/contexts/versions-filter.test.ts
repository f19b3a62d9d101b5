import { describe, expect, it } from "vitest";
import { versionsFilter } from "#features/contexts/versions-filter.ts";

describe("versionsFilter", () => {
  it("is none when the address asks for nothing", () => {
    expect(versionsFilter({ version: 3, mode: "split" })).toBeNull();
  });

  it("asks for authors by what they are, or by their id", () => {
    expect(versionsFilter({ author: "agents" })).toEqual({ filter: { authorKinds: ["AGENT"] }, heldOnly: false });
    expect(versionsFilter({ author: "agent_1" })).toEqual({ filter: { authors: ["agent_1"] }, heldOnly: false });
  });

  it("asks for all of it at once", () => {
    expect(versionsFilter({ message: "plan", only: "held" })).toEqual({ filter: { search: "plan" }, heldOnly: true });
    expect(versionsFilter({ only: "pinned" })?.filter).toEqual({ pinnedOnly: true });
    expect(versionsFilter({ only: "rollbacks" })?.filter).toEqual({ rollbacksOnly: true });
  });
});
