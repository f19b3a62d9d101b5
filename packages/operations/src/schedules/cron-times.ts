import { InvalidInput, type InputIssue } from "@muster/domain/errors.ts";
import { Cron } from "croner";

const NICKNAMES = ["@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"];
/** An offset such as +02:00 is no name: it knows nothing of summer time. */
const ZONE_NAME = /^[A-Za-z][A-Za-z0-9_+\-/]*$/;
const EXAMPLE = "Write minute, hour, day, month and weekday, as in 0 9 * * MON-FRI, or put seconds before them.";

/** The times of a cron expression in a time zone. They are whole seconds, and depend on no clock of this process. */
export interface CronTimes {
  /** The first `count` times later than `from`; fewer where there are no more. */
  after(from: Date, count: number): Date[];
  /** The last `count` times not later than `until`, the latest first; fewer where there were no more. */
  until(until: Date, count: number): Date[];
}

/**
 * Reads a cron expression: five fields, six with seconds first, or a nickname such as `@daily`. Where the clocks change it goes
 * like Vixie cron: an expression without wildcards and steps in its hours, minutes and seconds runs once for each of its times,
 * at the end of the gap for one that is left out and the first time for one that comes twice; any other runs whenever the
 * clock shows one of its times. Throws `InvalidInput` with the paths `cron` and `timeZone`.
 */
export function cronTimes(cron: string, timeZone: string): CronTimes {
  const zone = isTimeZone(timeZone);
  const parsed = parse(cron, zone ? timeZone : "UTC");
  const issues: InputIssue[] = [];
  if (typeof parsed === "string") issues.push({ path: ["cron"], message: parsed });
  if (!zone) issues.push({ path: ["timeZone"], message: "is no time zone. Name one, such as Europe/Berlin or UTC." });
  if (typeof parsed === "string" || issues.length > 0) throw new InvalidInput(issues);
  return {
    after: (from, count) => parsed.nextRuns(count, from),
    // The library leaves the moment itself out.
    until: (until, count) => parsed.previousRuns(count, new Date(until.getTime() + 1)),
  };
}

/** The first time of an expression later than `from`. Throws `InvalidInput` as `cronTimes` does, and when no day is one of its days. */
export function firstCronTime(cron: string, timeZone: string, from: Date): Date {
  const [first] = cronTimes(cron, timeZone).after(from, 1);
  if (first) return first;
  throw new InvalidInput([{ path: ["cron"], message: "never comes: none of its months has such a day." }]);
}

/** The expression with one space between its fields. */
export function normalizedCron(cron: string): string {
  return cron.trim().replaceAll(/\s+/g, " ");
}

function parse(cron: string, timezone: string): Cron | string {
  const fields = normalizedCron(cron).split(" ").length;
  // The library would read another single word as one moment.
  const known = fields === 5 || fields === 6 || NICKNAMES.includes(cron.trim().toLowerCase());
  if (!known) return `must have five or six fields. ${EXAMPLE}`;
  try {
    return new Cron(cron, { mode: "5-or-6-parts", fixedTimeRule: "no-wildcard", paused: true, timezone });
  } catch (error) {
    const reason = (error as Error).message.replace(/^CronPattern: /, "").replace(/\.?$/, ".");
    return `is no cron expression: ${reason} ${EXAMPLE}`;
  }
}

function isTimeZone(name: string): boolean {
  if (!ZONE_NAME.test(name)) return false;
  try {
    Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
