const FORMATS = new Map<string, Intl.DateTimeFormat>();

/** "Mon 23 Nov, 09:00": a time as the clocks of a zone show it; in UTC where the browser does not know the zone. */
export function zoneTime(at: string, timeZone: string): string {
  let format = FORMATS.get(timeZone);
  if (!format) {
    format = formatOf(timeZone);
    FORMATS.set(timeZone, format);
  }
  const parts = new Map(format.formatToParts(new Date(at)).map(({ type, value }) => [type, value]));
  const seconds = parts.get("second") === "00" ? "" : `:${parts.get("second")}`;
  return `${parts.get("weekday")} ${parts.get("day")} ${parts.get("month")}, ${parts.get("hour")}:${parts.get("minute")}${seconds}`;
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const options: Intl.DateTimeFormatOptions = {
    weekday: "short",
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
  };
  try {
    return new Intl.DateTimeFormat("en-GB", { ...options, timeZone });
  } catch {
    return new Intl.DateTimeFormat("en-GB", { ...options, timeZone: "UTC" });
  }
}
