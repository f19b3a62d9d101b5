import type { LoggedEvent } from "@muster/events/event.ts";
import { describe, expect, it } from "vitest";
import { credentialChangesOf } from "./credential-changes.ts";

const changes = (type: string, payload: unknown = {}) =>
  credentialChangesOf({ type, subjectId: "subject", payload } as LoggedEvent);

describe("what an event does to credentials", () => {
  it.each(["session.ended", "api_key.revoked", "user.disabled"])("%s ends its subject", (type) => {
    expect(changes(type)).toEqual([{ id: "subject", kind: "ENDED" }]);
  });

  it.each(["membership.granted", "membership.changed", "membership.revoked"])("%s changes the person", (type) => {
    expect(changes(type, { userId: "person", before: null, after: { role: "VIEWER" } })).toEqual([
      { id: "person", kind: "CHANGED" },
    ]);
  });

  it("a rotation gives the old key an end", () => {
    const at = new Date("2026-03-01T10:00:00.123Z");
    expect(changes("api_key.rotated", { expiresAt: "2026-03-01T10:00:00.123456+00:00" })).toEqual([
      { id: "subject", kind: "EXPIRES", at },
    ]);
    expect(changes("api_key.rotated", {})).toEqual([{ id: "subject", kind: "CHANGED" }]);
  });

  it("a new key of an agent ends those it had, and nothing else of the agent", () => {
    expect(changes("agent.key_rotated", { revoked: 2, keyIds: ["one", "two"] })).toEqual([
      { id: "one", kind: "ENDED" },
      { id: "two", kind: "ENDED" },
    ]);
  });

  it("an agent ends with its last state, not with others", () => {
    expect(changes("agent.transitioned", { from: "OFFLINE", to: "DECOMMISSIONED" })).toEqual([
      { id: "subject", kind: "ENDED" },
    ]);
    expect(changes("agent.transitioned", { from: "ONLINE", to: "OFFLINE" })).toEqual([]);
  });

  it.each(["user.updated", "user.enabled", "api_key.created", "task.transitioned"])("%s does nothing", (type) => {
    expect(changes(type, { to: "ERROR" })).toEqual([]);
  });
});
