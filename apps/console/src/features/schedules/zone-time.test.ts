import { expect, it } from "vitest";
import { zoneTime } from "#features/schedules/zone-time.ts";

it("shows what the clocks of the zone show", () => {
  expect(zoneTime("2026-11-23T08:00:00.000Z", "Europe/Berlin")).toBe("Mon 23 Nov, 09:00");
  expect(zoneTime("2026-11-23T08:00:20.000Z", "UTC")).toBe("Mon 23 Nov, 08:00:20");
  expect(zoneTime("2026-11-23T08:00:00.000Z", "Mars/Base")).toBe("Mon 23 Nov, 08:00");
});
