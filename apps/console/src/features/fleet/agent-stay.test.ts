import { describe, expect, it } from "vitest";
import type { FleetArrivalFragment as Arrival } from "#api/generated/graphql.ts";
import { stayText } from "#features/fleet/agent-stay.ts";

function arrived(over: Partial<Arrival>): Arrival {
  return { id: "event_1", to: "SUSPENDED", reason: null, actor: { kind: "USER", id: null, name: "Ada" }, ...over };
}

describe("why an agent is not at work", () => {
  it("is told by who moved it, with the reason when there is one", () => {
    expect(stayText("MAINTENANCE", arrived({ to: "MAINTENANCE", reason: "disk replaced" }))).toBe(
      "“disk replaced”, by Ada",
    );
    expect(stayText("SUSPENDED", arrived({ to: "SUSPENDED" }))).toBe("It takes no tasks until it is resumed, by Ada");
  });

  it("does not name the system, nor quote it", () => {
    const event: Partial<Arrival> = {
      to: "OFFLINE",
      reason: "Its process ended.",
      actor: { kind: "SYSTEM", id: null, name: "supervisor" },
    };
    expect(stayText("OFFLINE", arrived(event))).toBe("Its process ended.");
  });

  it("is not told by how it came into another state", () => {
    expect(stayText("SUSPENDED", arrived({ to: "IDLE", reason: "its last task ended" }))).toBe(
      "It takes no tasks until it is resumed",
    );
    expect(stayText("REGISTERED", undefined)).toBe("Its process has never connected");
  });

  it("is nothing for those that work", () => {
    for (const state of ["ONLINE", "IDLE", "BUSY"] as const) expect(stayText(state, arrived({ to: state }))).toBeNull();
  });
});
