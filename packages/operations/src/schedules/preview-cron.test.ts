import { PERMISSIONS } from "@muster/domain/permissions.ts";
import { describe, expect, it } from "vitest";
import { callerOf } from "../../test/fixtures.ts";
import { previewCron } from "./preview-cron.ts";

const reader = callerOf({ kind: "API_KEY", name: "reader", permissions: new Set(["task.read"]) });
const from = new Date("2026-03-28T12:00:00Z");
const preview = (cron: string, timeZone = "UTC", count = 3) => previewCron(reader, { cron, timeZone, count }, from);

describe("the preview of a cron expression", () => {
  it("has its next times, by the clocks of its zone", () => {
    expect(preview("0 9 * * MON-FRI", "Europe/Berlin", 2)).toEqual({
      times: [new Date("2026-03-30T07:00:00Z"), new Date("2026-03-31T07:00:00Z")],
      issues: [],
    });
    expect(preview("@daily").times).toHaveLength(3);
  });

  it("says what is wrong instead of failing, because half of what is typed is", () => {
    expect(preview("every day")).toMatchObject({ times: [], issues: [{ path: ["cron"] }] });
    expect(preview("", "Mars/Base")).toMatchObject({ issues: [{ path: ["cron"] }, { path: ["timeZone"] }] });
    expect(preview("0 0 30 2 *")).toMatchObject({ times: [], issues: [{ message: expect.stringContaining("never") }] });
  });

  it("asks for the permission, and refuses to count to more than a hundred", () => {
    const limited = callerOf({
      kind: "API_KEY",
      name: "limited",
      permissions: new Set(PERMISSIONS.filter((one) => one !== "task.read")),
    });
    const input = { cron: "@daily", timeZone: "UTC", count: 1 };
    expect(() => previewCron(limited, input)).toThrow(expect.objectContaining({ permission: "task.read" }));
    expect(() => preview("@daily", "UTC", 101)).toThrow(expect.objectContaining({ code: "INVALID_INPUT" }));
    expect(() => preview("@daily", "UTC", 0)).toThrow(expect.objectContaining({ code: "INVALID_INPUT" }));
  });
});
