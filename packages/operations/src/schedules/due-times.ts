import { setImmediate } from "node:timers/promises";
import type { CatchUpPolicy } from "@muster/domain/catch-up-policy.ts";
import type { CronTimes } from "./cron-times.ts";

/** A time is missed when nobody came to it for so long. */
export const GRACE_MS = 60_000;
/** With ALL, no more than so many times are caught up. */
export const MOST_CAUGHT_UP = 10_000;
/** So many times take some milliseconds to find. */
const CHUNK = 100;

export interface DueSchedule {
  readonly catchUp: CatchUpPolicy;
  /** The first of its times that nobody came to: not later than now. */
  readonly nextRunAt: Date;
  readonly lastRunAt: Date | null;
}

/** What a schedule is due for. */
export interface DueTimes {
  /** The times to create a task for, the oldest first. */
  readonly times: readonly Date[];
  /** When it is due again: not later than now when there are more times than were asked for; null when none ever comes. */
  readonly next: Date | null;
  /** The first and the last of the times before those that get no task, when the first was missed. */
  readonly skipped: { readonly from: Date; readonly until: Date } | null;
}

/**
 * What to create tasks for at `now`, `limit` at most. With NONE: the times that are at most a minute late. With LAST: the latest
 * time. With ALL: each, and of more than 10,000 the latest 10,000.
 */
export async function dueTimes(cron: CronTimes, schedule: DueSchedule, now: Date, limit: number): Promise<DueTimes> {
  const { nextRunAt } = schedule;
  // Mostly there is just the one, and it is in time.
  const [second] = cron.after(nextRunAt, 1);
  if ((!second || second > now) && now.getTime() - nextRunAt.getTime() <= GRACE_MS)
    return { times: [nextRunAt], next: second ?? null, skipped: null };
  const first = await firstKept(cron, schedule, now);
  const times: Date[] = [];
  let next = first ?? cron.after(now, 1)[0] ?? null;
  while (next !== null && next <= now && times.length < limit) {
    times.push(next);
    next = cron.after(next, 1)[0] ?? null;
  }
  return { times, next, skipped: skippedTimes(cron, nextRunAt, first, now) };
}

/** The oldest time that gets a task; null when none does. */
async function firstKept(cron: CronTimes, schedule: DueSchedule, now: Date): Promise<Date | null> {
  const { catchUp, nextRunAt } = schedule;
  const late = now.getTime() - nextRunAt.getTime();
  if (catchUp === "LAST") {
    // After a change of the zone's own rules the time that was stored may be none, and the one before has had its task.
    const [last] = cron.until(now, 1);
    return last && last > nextRunAt ? last : nextRunAt;
  }
  if (catchUp === "ALL") {
    // Times are a second apart at least.
    if (late < MOST_CAUGHT_UP * 1_000 || isCatchingUp(schedule, now)) return nextRunAt;
    return (await oldestAfter(cron, nextRunAt, now, MOST_CAUGHT_UP)) ?? nextRunAt;
  }
  if (late <= GRACE_MS) return nextRunAt;
  const [first] = cron.after(new Date(now.getTime() - GRACE_MS - 1), 1);
  return first && first <= now ? first : null;
}

/** Whether it has just fired and left some of the times over: those that are too many were skipped then. */
function isCatchingUp({ nextRunAt, lastRunAt }: DueSchedule, now: Date): boolean {
  return lastRunAt !== null && lastRunAt > nextRunAt && now.getTime() - lastRunAt.getTime() < GRACE_MS;
}

/** The oldest of the last `count` times; null when `from` is among them. Others in this process get their turn meanwhile. */
async function oldestAfter(cron: CronTimes, from: Date, now: Date, count: number): Promise<Date | null> {
  let oldest = new Date(now.getTime() + 1);
  for (let left = count; left > 0; left -= CHUNK) {
    const last = cron.until(new Date(oldest.getTime() - 1), Math.min(left, CHUNK)).at(-1);
    if (!last || last <= from) return null;
    oldest = last;
    await setImmediate();
  }
  return oldest;
}

function skippedTimes(cron: CronTimes, from: Date, first: Date | null, now: Date): DueTimes["skipped"] {
  if (now.getTime() - from.getTime() <= GRACE_MS) return null;
  const [until] = cron.until(first === null ? now : new Date(first.getTime() - 1), 1);
  return until && until >= from ? { from, until } : null;
}
