import { expect, it } from "vitest";
import { auditFilter, checkpointsAddress, exportAddress } from "#features/settings/audit/audit-filter.ts";

const view = { actor: "USER", credential: "sess_1", from: "2026-11-21T12:00:00.000Z", show: "roles,user.created" };

it("asks for what the address says", () => {
  expect(auditFilter({})).toEqual({});
  expect(auditFilter(view)).toEqual({
    types: ["membership.granted", "membership.changed", "membership.revoked", "user.created"],
    actorKinds: ["USER"],
    credentials: ["sess_1"],
    after: "2026-11-21T12:00:00.000Z",
  });
});

it("exports the same", () => {
  const url = new URL(exportAddress("wks_1", "csv", auditFilter(view)), "http://muster.example");
  expect(url.pathname).toBe("/audit/export");
  expect(Object.fromEntries(url.searchParams)).toEqual({
    workspace: "wks_1",
    format: "csv",
    types: "membership.granted,membership.changed,membership.revoked,user.created",
    actorKinds: "USER",
    credentials: "sess_1",
    after: "2026-11-21T12:00:00.000Z",
  });
  expect(exportAddress(null, "ndjson", {})).toBe("/audit/export?format=ndjson");
  expect(checkpointsAddress("wks_1")).toBe("/audit/checkpoints?workspace=wks_1");
});
