import { DEFAULT_SETTINGS } from "../../settings.ts";
import { expect, it } from "vitest";
import { rollbackDeadline } from "./last-rollback.ts";

const since = new Date("2026-01-01T00:00:00Z");
const settings = { ...DEFAULT_SETTINGS, rollbackTimeoutMs: 12_000 };

it("gives a rollback as long as the settings say, and only while it waits", () => {
  expect(rollbackDeadline({ rollbackState: "PENDING", rollbackSince: since }, settings)).toEqual(
    new Date("2026-01-01T00:00:12Z"),
  );
  for (const rollbackState of ["SUCCEEDED", "FAILED"] as const)
    expect(rollbackDeadline({ rollbackState, rollbackSince: since }, settings)).toBeNull();
  expect(rollbackDeadline({ rollbackState: null, rollbackSince: null }, settings)).toBeNull();
});
