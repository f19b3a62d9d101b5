import { expect, it } from "vitest";
import { localPath } from "./local-path.ts";

it.each(["/", "/acme/app/tasks?state=FAILED#top", "/a%20b", "/sign-in"])("keeps %s", (path) => {
  expect(localPath(path)).toBe(path);
});

it.each([
  null,
  "",
  "tasks",
  "https://evil.example",
  "//evil.example",
  "///evil.example",
  "/\\evil.example",
  "\\\\evil.example",
  "/.//evil.example",
  "/%2e//evil.example",
  "/\t/evil.example",
  "/\n/evil.example",
  "javascript:alert(1)",
  "/a b",
  "/\u202e",
  "@evil.example",
])("leads to the first page for %j", (text) => {
  expect(localPath(text)).toBe("/");
});
