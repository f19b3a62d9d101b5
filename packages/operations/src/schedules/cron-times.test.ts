import { describe, expect, it } from "vitest";
import { cronTimes, firstCronTime } from "./cron-times.ts";

const times = (cron: string, timeZone: string, from: string, count: number) =>
  cronTimes(cron, timeZone)
    .after(new Date(from), count)
    .map((time) => time.toISOString().replace(".000Z", "Z"));

describe("the times of a cron expression", () => {
  it("are those of its time zone", () => {
    expect(times("0 9 * * MON-FRI", "Asia/Kolkata", "2026-01-02T04:00:00Z", 2)).toEqual([
      "2026-01-05T03:30:00Z",
      "2026-01-06T03:30:00Z",
    ]);
    expect(times("*/20 * * * * *", "UTC", "2026-01-02T04:00:00.500Z", 3)).toEqual([
      "2026-01-02T04:00:20Z",
      "2026-01-02T04:00:40Z",
      "2026-01-02T04:01:00Z",
    ]);
    expect(times("@daily", "America/New_York", "2026-01-02T04:00:00Z", 1)).toEqual(["2026-01-02T05:00:00Z"]);
    expect(times("0 0 L 2 *", "UTC", "2026-03-01T00:00:00Z", 2)).toEqual([
      "2027-02-28T00:00:00Z",
      "2028-02-29T00:00:00Z",
    ]);
  });

  it("are later than the moment asked for, and not later the other way round", () => {
    const hourly = cronTimes("0 * * * *", "UTC");
    const hour = new Date("2026-01-02T04:00:00Z");
    expect(hourly.after(hour, 1)[0]?.getTime()).toBe(hour.getTime() + 3_600_000);
    expect(hourly.after(new Date(hour.getTime() - 1), 1)).toEqual([hour]);
    expect(hourly.until(hour, 1)).toEqual([hour]);
    expect(hourly.until(new Date(hour.getTime() - 1), 1)[0]?.getTime()).toBe(hour.getTime() - 3_600_000);
  });

  it("run at the end of the gap when the clock leaves them out", () => {
    // In Berlin it is 01:59:59 and then 03:00 on 29 March 2026.
    expect(times("30 2 * * *", "Europe/Berlin", "2026-03-28T02:00:00Z", 2)).toEqual([
      "2026-03-29T01:00:00Z",
      "2026-03-30T00:30:00Z",
    ]);
    expect(times("30 1,2,3 * * *", "Europe/Berlin", "2026-03-29T00:00:00Z", 3)).toEqual([
      "2026-03-29T00:30:00Z",
      "2026-03-29T01:00:00Z",
      "2026-03-29T01:30:00Z",
    ]);
  });

  it("run once when the clock shows them twice, and each time with a wildcard", () => {
    // In Berlin it is 02:59:59 and then 02:00 again on 25 October 2026.
    expect(times("30 2 * * *", "Europe/Berlin", "2026-10-24T12:00:00Z", 2)).toEqual([
      "2026-10-25T00:30:00Z",
      "2026-10-26T01:30:00Z",
    ]);
    expect(times("30 * * * *", "Europe/Berlin", "2026-10-24T23:00:00Z", 4)).toEqual([
      "2026-10-24T23:30:00Z",
      "2026-10-25T00:30:00Z",
      "2026-10-25T01:30:00Z",
      "2026-10-25T02:30:00Z",
    ]);
  });

  it.each(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"])(
    "are the minutes that the clock of %s shows, through every change of it",
    (timeZone) => {
      const clock = new Intl.DateTimeFormat("en-GB", {
        timeZone,
        hour: "2-digit",
        minute: "2-digit",
        hourCycle: "h23",
      });
      const shows = (at: number, minutes: readonly string[], hours: readonly string[]) => {
        const [hour = "", minute = ""] = clock.format(at).split(":");
        return minutes.includes(minute) && hours.includes(hour);
      };
      // With a wildcard or a step, so that no rule for fixed times comes in.
      const cron = cronTimes("10,40 0-23/1 * * *", timeZone);
      const hours = Array.from({ length: 24 }, (_, hour) => String(hour).padStart(2, "0"));
      for (const [from, until] of [
        ["2026-03-06T00:00:00Z", "2026-03-10T00:00:00Z"],
        ["2026-03-27T00:00:00Z", "2026-04-07T00:00:00Z"],
        ["2026-10-02T00:00:00Z", "2026-11-03T00:00:00Z"],
      ] as const) {
        const expected: Date[] = [];
        for (let at = Date.parse(from) + 60_000; at <= Date.parse(until); at += 60_000) {
          if (shows(at, ["10", "40"], hours)) expected.push(new Date(at));
        }
        expect(cron.after(new Date(from), expected.length)).toEqual(expected);
        expect(cron.until(new Date(until), expected.length)).toEqual(expected.toReversed());
      }
    },
  );
});

describe("what is no cron expression", () => {
  it.each([
    ["", "must have five or six fields"],
    ["* * * *", "must have five or six fields"],
    ["* * * * * * 2030", "must have five or six fields"],
    ["2030-01-23T00:00:00", "must have five or six fields"],
    ["@reboot", "must have five or six fields"],
    ["60 * * * *", "is no cron expression: Invalid value for minute: 60."],
    ["*/0 * * * *", "is no cron expression"],
    ["5/5 * * * *", "is no cron expression"],
    ["a * * * *", "is no cron expression"],
    ["0 0 * * 8", "is no cron expression"],
    ["0 0 30 2 *", "never comes"],
  ])("is refused with its reason: %j", (cron, message) => {
    expect(() => firstCronTime(cron, "UTC", new Date())).toThrow(
      expect.objectContaining({
        code: "INVALID_INPUT",
        issues: [{ path: ["cron"], message: expect.stringContaining(message) }],
      }),
    );
  });

  it.each(["", "Mars/Phobos", "+02:00", "local", "Europe/Berlin "])("nor is %j a time zone", (timeZone) => {
    expect(() => cronTimes("* * * * *", timeZone)).toThrow(
      expect.objectContaining({
        issues: [{ path: ["timeZone"], message: expect.stringContaining("is no time zone") }],
      }),
    );
  });

  it("is told together", () => {
    expect(() => cronTimes("*", "Mars/Phobos")).toThrow(
      expect.objectContaining({
        issues: [{ path: ["cron"] }, { path: ["timeZone"] }].map((issue) => expect.objectContaining(issue)),
      }),
    );
  });
});
