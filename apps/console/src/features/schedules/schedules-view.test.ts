import { expect, it } from "vitest";
import { schedulesFilter, schedulesViewOf } from "#features/schedules/schedules-view.ts";

it.each(["state=paused&search=nightly", "state=active", "search=a&after=x", ""])(
  "reads what it writes: %j",
  (address) => {
    const view = schedulesViewOf(schedulesFilter(new URLSearchParams(address)));
    const given = Object.entries(view).filter(([, value]) => value);
    expect(new URLSearchParams(given as [string, string][]).toString()).toBe(address);
  },
);
