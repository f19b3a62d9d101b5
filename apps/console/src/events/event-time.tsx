import { Clock, exactText } from "#components/time.tsx";

const DAY = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" });
const TIME = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const DATE = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric" });

/** When it happened: to the millisecond if it was today, else with its day. */
export function EventTime({ at }: { readonly at: string }) {
  const date = new Date(at);
  if (date.toDateString() === new Date().toDateString()) return <Clock at={at} />;
  const thisYear = date.getFullYear() === new Date().getFullYear();
  return (
    <time dateTime={at} title={exactText(at)} className="font-mono text-sm whitespace-nowrap tabular-nums">
      {thisYear ? `${DAY.format(date)} ${TIME.format(date)}` : DATE.format(date)}
    </time>
  );
}
