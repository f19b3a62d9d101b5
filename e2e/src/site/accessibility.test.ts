import type { Browser } from "playwright";
import { afterAll, beforeAll, expect, it } from "vitest";
import { BROWSER_SET_UP_MS, openBrowser } from "../browser/open-browser.ts";
import { accessibilityViolations, type Examination } from "./accessibility.ts";

const FAULTY = `<html lang="en"><title>Faulty</title><body style="background: white">
  <main><h1>Faulty</h1><button></button><p style="color: #bbb">Hard to read</p></main><p>Outside</p></body></html>`;

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
}, BROWSER_SET_UP_MS);
afterAll(() => browser?.close());

it.each<[Examination["of"], string[]]>([
  ["everything", ["button-name", "color-contrast", "region"]],
  ["colours", ["color-contrast"]],
  ["structure", ["button-name", "region"]],
])("an examination of %s finds what is wrong", async (of, rules) => {
  const page = await browser.newPage();
  await page.setContent(FAULTY);
  const found = await accessibilityViolations(page, { of });
  expect(found.map((line) => line.split(" ")[0]).toSorted()).toEqual(rules);
  expect(await accessibilityViolations(page, { of, except: ["main", "body > p"] })).toEqual([]);
});
