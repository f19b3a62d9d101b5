const NICKNAMES: Readonly<Record<string, string>> = {
  "@hourly": "every hour",
  "@daily": "every day at 00:00",
  "@midnight": "every day at 00:00",
  "@weekly": "on Sundays at 00:00",
  "@monthly": "on the 1st of each month at 00:00",
  "@yearly": "on 1 January at 00:00",
  "@annually": "on 1 January at 00:00",
};
const DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"] as const;
const MONTHS = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
] as const;
/** So many times of a day are listed. */
const MOST_TIMES = 4;

/**
 * A cron expression in words: "Monday to Friday at 09:00". Null for what has no short words; the expression itself then has to
 * do. Says nothing about whether it is valid: the API knows that.
 */
export function cronWords(cron: string): string | null {
  const fields = cron.trim().toUpperCase().split(/\s+/);
  if (fields.length === 1) return NICKNAMES[cron.trim().toLowerCase()] ?? null;
  if (fields.length !== 5 && fields.length !== 6) return null;
  const [second, minute, hour, date, month, weekday] = fields.length === 5 ? ["0", ...fields] : fields;
  if (!second || !minute || !hour || !date || !month || !weekday) return null;
  const day = dayWords(date, month, weekday);
  const time = timeWords(second, minute, hour);
  if (day === null || time === null) return null;
  return [time.everyDay && day === "" ? "every day" : day, time.words].filter((words) => words !== "").join(" ");
}

/** `everyDay`: it names times of a day, so that the day belongs to it. */
function timeWords(second: string, minute: string, hour: string) {
  const [seconds, minutes, hours] = [numbers(second, 59), numbers(minute, 59), numbers(hour, 23)];
  const often = (words: string) => ({ everyDay: false, words });
  if (minute === "*" && hour === "*") {
    if (second === "*") return often("every second");
    const step = stepOf(second);
    if (step !== null) return often(`every ${step} seconds`);
    return second === "0" ? often("every minute") : null;
  }
  if (second !== "0") return null;
  if (hour === "*") {
    const step = stepOf(minute);
    if (step !== null) return often(step === 1 ? "every minute" : `every ${step} minutes`);
    if (minutes?.length === 1 && minutes[0] === 0) return often("every hour");
    return minutes && minutes.length <= MOST_TIMES
      ? often(`every hour at ${list(minutes.map((one) => `:${two(one)}`))}`)
      : null;
  }
  const step = stepOf(hour);
  if (step !== null && minutes?.length === 1) {
    return often(`every ${step} hours${minutes[0] === 0 ? "" : ` at :${two(minutes[0] ?? 0)}`}`);
  }
  if (!hours || !minutes || !seconds || hours.length * minutes.length > MOST_TIMES) return null;
  const times = hours.flatMap((h) => minutes.map((m) => `${two(h)}:${two(m)}`));
  return { everyDay: true, words: `at ${list(times)}` };
}

/** "" for every day; null for what has no short words. */
function dayWords(date: string, month: string, weekday: string): string | null {
  const anyDate = date === "*" || date === "?";
  const anyWeekday = weekday === "*" || weekday === "?";
  if (!anyDate && !anyWeekday) return null;
  const months =
    month === "*"
      ? []
      : named(
          month,
          MONTHS.map((name) => name.slice(0, 3).toUpperCase()),
          1,
          12,
        );
  if (months === null) return null;
  const inMonths = list(months.map((one) => MONTHS[one - 1] ?? ""));
  if (!anyDate) {
    if (date === "L") return `on the last day of ${months.length === 0 ? "each month" : inMonths}`;
    const dates = numbers(date, 31);
    if (!dates || dates.length > MOST_TIMES) return null;
    if (months.length === 1) return `on ${list(dates.map(String))} ${inMonths}`;
    return `on the ${list(dates.map(ordinal))} of ${months.length === 0 ? "each month" : inMonths}`;
  }
  const inside = months.length === 0 ? "" : ` in ${inMonths}`;
  if (anyWeekday) return inside === "" ? "" : `every day${inside}`;
  const span = /^(\w+)-(\w+)$/.exec(weekday);
  const days = named(
    weekday,
    DAYS.map((name) => name.slice(0, 3).toUpperCase()),
    0,
    7,
  );
  if (!days) return null;
  const name = (day: number) => DAYS[day % 7] ?? "";
  if (span && days.length > 2) return `${name(days[0] ?? 0)} to ${name(days.at(-1) ?? 0)}${inside}`;
  return `on ${list(days.map((one) => `${name(one)}s`))}${inside}`;
}

/** 15 of a star, a slash and 15. */
function stepOf(field: string): number | null {
  const found = /^\*\/(\d+)$/.exec(field);
  return found ? Number(found[1]) : null;
}

/** Single numbers, lists and spans; null for anything else. */
function numbers(field: string, most: number): number[] | null {
  return named(field, [], 0, most);
}

function named(field: string, names: readonly string[], first: number, most: number): number[] | null {
  const read = (text: string) => {
    const at = names.indexOf(text);
    const number = at >= 0 ? at + first : /^\d+$/.test(text) ? Number(text) : NaN;
    return number >= first && number <= most ? number : NaN;
  };
  const found: number[] = [];
  for (const part of field.split(",")) {
    const [from = NaN, to = NaN, ...rest] = part.split("-").map(read);
    const end = part.includes("-") ? to : from;
    if (rest.length > 0 || Number.isNaN(from) || Number.isNaN(end) || end < from) return null;
    for (let one = from; one <= end; one += 1) found.push(one);
  }
  return found;
}

function list(words: readonly string[]): string {
  return words.length < 2 ? (words[0] ?? "") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

function two(number: number): string {
  return String(number).padStart(2, "0");
}

function ordinal(number: number): string {
  const end =
    number % 10 === 1 && number !== 11
      ? "st"
      : number % 10 === 2 && number !== 12
        ? "nd"
        : number % 10 === 3 && number !== 13
          ? "rd"
          : "th";
  return `${number}${end}`;
}
