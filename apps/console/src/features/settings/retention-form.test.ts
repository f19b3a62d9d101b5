import { expect, it } from "vitest";
import { changesOf, narrowed, problemOf, textsOf } from "./retention-form.ts";

const none = { maxRunningTasks: null, eventRetentionDays: null, keepContextVersions: null };

it("asks for what has changed alone; empty stands for no limit", () => {
  const limits = { ...none, maxRunningTasks: 5, eventRetentionDays: 30 };
  const texts = textsOf(limits);
  expect(texts).toEqual({ maxRunningTasks: "5", eventRetentionDays: "30", keepContextVersions: "" });
  expect(changesOf(limits, texts)).toEqual({});
  expect(changesOf(limits, { ...texts, maxRunningTasks: " ", keepContextVersions: " 10 " })).toEqual({
    maxRunningTasks: null,
    keepContextVersions: 10,
  });
  expect(changesOf(limits, { ...texts, eventRetentionDays: "a year" })).toBeNull();
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
