import { expect, test } from "vitest";
import { changesOf, conflictsOf, mergedSettings } from "#features/agent/config/agent-settings.ts";

const BASE = { name: "a", maxConcurrency: 1, labels: { team: "x" }, config: { wait: 1, path: "/a" } };

test("sends only what differs, whatever the order of keys", () => {
  expect(changesOf(BASE, { ...BASE, config: { path: "/a", wait: 1 }, maxConcurrency: 2 })).toEqual({
    maxConcurrency: 2,
  });
});

test("finds what two have changed differently", () => {
  const mine = { ...BASE, name: "b", config: { wait: 2, path: "/a" } };
  const theirs = { ...BASE, name: "b", config: { wait: 1, path: "/b" } };
  expect(conflictsOf(BASE, mine, theirs)).toEqual(["config"]);
  expect(conflictsOf(BASE, mine, { ...BASE, labels: {} })).toEqual([]);
});

test("puts both changes together where they do not touch", () => {
  const mine = { ...BASE, config: { wait: 2, path: "/a" }, labels: { team: "x", mine: "1" } };
  const theirs = { ...BASE, config: { wait: 1, path: "/b" }, labels: { team: "x", theirs: "2" }, maxConcurrency: 4 };
  expect(mergedSettings(BASE, mine, theirs)).toEqual({
    name: "a",
    maxConcurrency: 4,
    config: { wait: 2, path: "/b" },
    labels: { team: "x", mine: "1", theirs: "2" },
  });
  expect(mergedSettings(BASE, { ...BASE, config: { wait: 2 } }, BASE)?.config).toEqual({ wait: 2 });
});

test("does not guess where both have changed the same", () => {
  expect(mergedSettings(BASE, { ...BASE, name: "b" }, { ...BASE, name: "c" })).toBeNull();
  expect(
    mergedSettings(BASE, { ...BASE, config: { wait: 2 } }, { ...BASE, config: { wait: 3, path: "/a" } }),
  ).toBeNull();
});
