import type { CatchUpPolicy } from "@muster/domain/catch-up-policy.ts";
import { describe, expect, it } from "vitest";
import { cronTimes } from "./cron-times.ts";
import { dueTimes } from "./due-times.ts";

const at = (time: string) => new Date(`2026-05-01T${time}Z`);

interface Asked {
  readonly cron?: string;
  readonly catchUp: CatchUpPolicy;
  readonly nextRunAt: Date;
  readonly lastRunAt?: Date;
  readonly now: Date;
  readonly limit?: number;
}

function due({ cron = "* * * * *", catchUp, nextRunAt, lastRunAt, now, limit = 100 }: Asked) {
  return dueTimes(cronTimes(cron, "UTC"), { catchUp, nextRunAt, lastRunAt: lastRunAt ?? null }, now, limit);
}

describe("what a schedule is due for", () => {
  it.each(["NONE", "LAST", "ALL"] as const)(
    "is its time, when somebody comes to it in time, with %s",
    async (catchUp) => {
      expect(await due({ catchUp, nextRunAt: at("10:00:00"), now: at("10:00:00.004") })).toEqual({
        times: [at("10:00:00")],
        next: at("10:01:00"),
        skipped: null,
      });
    },
  );

  it("is with NONE what is at most a minute late", async () => {
    const catchUp = "NONE";
    expect(await due({ catchUp, nextRunAt: at("10:00:00"), now: at("10:01:00") })).toEqual({
      times: [at("10:00:00"), at("10:01:00")],
      next: at("10:02:00"),
      skipped: null,
    });
    expect(await due({ catchUp, nextRunAt: at("10:00:00"), now: at("10:05:00.001") })).toEqual({
      times: [at("10:05:00")],
      next: at("10:06:00"),
      skipped: { from: at("10:00:00"), until: at("10:04:00") },
    });
    expect(await due({ cron: "0 * * * *", catchUp, nextRunAt: at("07:00:00"), now: at("10:05:00") })).toEqual({
      times: [],
      next: at("11:00:00"),
      skipped: { from: at("07:00:00"), until: at("10:00:00") },
    });
  });

  it("is with LAST the latest time", async () => {
    expect(await due({ catchUp: "LAST", nextRunAt: at("07:00:00"), now: at("10:05:30") })).toEqual({
      times: [at("10:05:00")],
      next: at("10:06:00"),
      skipped: { from: at("07:00:00"), until: at("10:04:00") },
    });
    // Under older rules of the zone there was a time that is none now.
    const odd = await due({ cron: "0 * * * *", catchUp: "LAST", nextRunAt: at("10:10:00"), now: at("10:50:00") });
    expect(odd).toEqual({ times: [at("10:10:00")], next: at("11:00:00"), skipped: null });
    const single = await due({ cron: "0 * * * *", catchUp: "LAST", nextRunAt: at("10:00:00"), now: at("10:50:00") });
    expect(single).toEqual({ times: [at("10:00:00")], next: at("11:00:00"), skipped: null });
  });

  it("is with ALL each time, so many at once", async () => {
    const nextRunAt = at("10:00:00");
    const now = at("10:04:30");
    expect(await due({ catchUp: "ALL", nextRunAt, now })).toEqual({
      times: [0, 1, 2, 3, 4].map((minute) => at(`10:0${minute}:00`)),
      next: at("10:05:00"),
      skipped: null,
    });
    expect(await due({ catchUp: "ALL", nextRunAt, now, limit: 2 })).toEqual({
      times: [at("10:00:00"), at("10:01:00")],
      next: at("10:02:00"),
      skipped: null,
    });
    expect((await due({ catchUp: "ALL", nextRunAt, now, limit: 5 })).next).toEqual(at("10:05:00"));
  });

  it("is with ALL never more than the latest 10,000", async () => {
    const now = at("10:00:00.300");
    const before = (seconds: number) => new Date(at("10:00:00").getTime() - seconds * 1_000);
    const asked = { cron: "* * * * * *", catchUp: "ALL", now, limit: 1 } as const;
    expect(await due({ ...asked, nextRunAt: before(9_999) })).toMatchObject({ times: [before(9_999)], skipped: null });
    expect(await due({ ...asked, nextRunAt: before(12_000) })).toEqual({
      times: [before(9_999)],
      next: before(9_998),
      skipped: { from: before(12_000), until: before(10_000) },
    });
    // The times in between do not count: there are 2,000 only.
    expect(await due({ ...asked, cron: "*/6 * * * * *", nextRunAt: before(12_000) })).toMatchObject({
      times: [before(12_000)],
      skipped: null,
    });
    // It is at it, and was counted when it began; after a long break it is counted again.
    const begun = { ...asked, nextRunAt: before(12_000) };
    expect(await due({ ...begun, lastRunAt: before(1) })).toMatchObject({ times: [before(12_000)], skipped: null });
    expect(await due({ ...begun, lastRunAt: before(11_000) })).toMatchObject({ times: [before(9_999)] });
  });
});
