import { expect, it } from "vitest";
import { changesOf, LIMIT_NAMES, narrowed, problemOf, textsOf, type WorkspaceLimits } from "./retention-form.ts";

const none = Object.fromEntries(LIMIT_NAMES.map((name) => [name, null])) as unknown as WorkspaceLimits;

it("asks for what has changed alone; empty stands for no limit", () => {
  const limits = { ...none, maxRunningTasks: 5, eventRetentionDays: 30 };
  const texts = textsOf(limits);
  expect(texts).toMatchObject({ maxRunningTasks: "5", eventRetentionDays: "30", keepContextVersions: "" });
  expect(changesOf(limits, texts)).toEqual({});
  expect(changesOf(limits, { ...texts, maxRunningTasks: " ", keepContextVersions: " 10 " })).toEqual({
    maxRunningTasks: null,
    keepContextVersions: 10,
  });
  expect(changesOf(limits, { ...texts, eventRetentionDays: "a year" })).toBeNull();
});

it("shows storage in MB, and changes it only when its text is another", () => {
  const limits = { ...none, maxStorageBytes: 1_000_000 };
  const texts = textsOf(limits);
  expect(texts.maxStorageBytes).toBe("0.954");
  expect(changesOf(limits, texts)).toEqual({});
  expect(changesOf(limits, { ...texts, maxStorageBytes: "2.5" })).toEqual({ maxStorageBytes: 2_621_440 });
  expect(problemOf("maxStorageBytes", "0")).toMatch(/above 0/);
});

it.each(["0", "-1", "1.5", "1e3", "36501", "x"])("does not take %s for days", (text) => {
  expect(problemOf("eventRetentionDays", text)).toMatch(/from 1 to 36,500/);
});

it("knows what is removed for good", () => {
  const limits = { ...none, eventRetentionDays: 30 };
  expect(narrowed(limits, { eventRetentionDays: 10, maxRunningTasks: 1 })).toEqual(["eventRetentionDays"]);
  expect(narrowed(limits, { keepContextVersions: 10 })).toEqual(["keepContextVersions"]);
  expect(narrowed(limits, { eventRetentionDays: 60 })).toEqual([]);
  expect(narrowed(limits, { eventRetentionDays: null })).toEqual([]);
});
