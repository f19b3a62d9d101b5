import { expect, it } from "vitest";
import { browserWords } from "#features/settings/sessions/browser-words.ts";

const MOZILLA = "Mozilla/5.0";
it.each([
  [
    `${MOZILLA} (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36`,
    "Chrome on Linux",
  ],
  [
    `${MOZILLA} (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0`,
    "Edge on Windows",
  ],
  [
    `${MOZILLA} (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.0 Safari/605.1.15`,
    "Safari on a Mac",
  ],
  [
    `${MOZILLA} (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile/15E148 Safari/604.1`,
    "Safari on an iPhone",
  ],
  [`${MOZILLA} (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0`, "Firefox on Linux"],
  ["curl/8.9.1", "curl"],
  ["", "Unknown browser"],
  [null, "Unknown browser"],
])("reads %j", (userAgent, words) => {
  expect(browserWords(userAgent)).toBe(words);
});
