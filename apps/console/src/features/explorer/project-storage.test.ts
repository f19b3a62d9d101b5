import { beforeEach, expect, it } from "vitest";
import { projectStorage } from "#features/explorer/project-storage.ts";

/** As a browser's: entries are its own properties. */
class FakeStorage {
  [key: string]: unknown;
}
Object.defineProperties(FakeStorage.prototype, {
  getItem: {
    value(this: FakeStorage, key: string) {
      return Object.hasOwn(this, key) ? this[key] : null;
    },
  },
  setItem: {
    value(this: FakeStorage, key: string, value: string) {
      this[key] = value;
    },
  },
  removeItem: {
    value(this: FakeStorage, key: string) {
      delete this[key];
    },
  },
});

let browser: Storage;
beforeEach(() => {
  browser = new FakeStorage() as unknown as Storage;
});

it("keeps each project's entries apart, and clears one's without touching the rest", () => {
  const [one, other] = [projectStorage(browser, "prj_1"), projectStorage(browser, "prj_2")];
  browser.setItem("muster.theme", "dark");
  one.setItem("tabs", "a");
  one.setItem("query", "b");
  other.setItem("tabs", "c");
  expect([one.getItem("tabs"), other.getItem("tabs"), other.getItem("query")]).toEqual(["a", "c", null]);
  expect([one.length, other.length]).toEqual([2, 1]);
  one.removeItem("query");
  expect(one.length).toBe(1);
  one.clear();
  expect([one.length, other.getItem("tabs"), browser.getItem("muster.theme")]).toEqual([0, "c", "dark"]);
});
