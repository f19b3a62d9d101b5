import { Clock, clockText, exactText } from "#components/time.tsx";

const DAY = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" });
const DATE = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric" });

/** When it happened: to the millisecond if it was today, else to the second with its day. */
export function EventTime({ at }: { readonly at: string }) {
  const date = new Date(at);
  const now = new Date();
  if (date.toDateString() === now.toDateString()) return <Clock at={at} />;
  const thisYear = date.getFullYear() === now.getFullYear();
  return (
    <time dateTime={at} title={exactText(at)} className="font-mono text-sm whitespace-nowrap tabular-nums">
      {thisYear ? `${DAY.format(date)} ${clockText(at, false)}` : DATE.format(date)}
    </time>
  );
}
