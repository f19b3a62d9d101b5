import { expect, it } from "vitest";
import { cronWords } from "#features/schedules/cron-words.ts";

it.each([
  ["* * * * *", "every minute"],
  ["*/15 * * * *", "every 15 minutes"],
  ["*/20 * * * * *", "every 20 seconds"],
  ["0 * * * *", "every hour"],
  ["5,35 * * * *", "every hour at :05 and :35"],
  ["30 */6 * * *", "every 6 hours at :30"],
  ["30 2 * * *", "every day at 02:30"],
  ["0 8,12,17 * * *", "every day at 08:00, 12:00 and 17:00"],
  ["0 9 * * MON-FRI", "Monday to Friday at 09:00"],
  ["0 9 * * mon", "on Mondays at 09:00"],
  ["0 9 * * 0,6", "on Sundays and Saturdays at 09:00"],
  ["*/10 * * * 1-5", "Monday to Friday every 10 minutes"],
  ["0 0 1 * *", "on the 1st of each month at 00:00"],
  ["0 0 1,15 1,7 *", "on the 1st and 15th of January and July at 00:00"],
  ["0 6 L * *", "on the last day of each month at 06:00"],
  ["0 0 24 12 *", "on 24 December at 00:00"],
  ["0 7 * JUN *", "every day in June at 07:00"],
  ["@daily", "every day at 00:00"],
  ["0 30 2 * * *", "every day at 02:30"],
])("%s is %s", (cron, words) => {
  expect(cronWords(cron)).toBe(words);
});

it.each(["", "@never", "1 2 3", "0 0 1 * MON", "1-50 * * * *", "nonsense in five fields here", "0 9 * * MON#2"])(
  "has no words for %j",
  (cron) => {
    expect(cronWords(cron)).toBeNull();
  },
);
