import { expect, it } from "vitest";
import { type ListPage, nextChain, placePages, sameRows } from "#live/list-pages.ts";

function page(after: string | null, ids: string, more: boolean, reading = 0): ListPage<{ readonly id: string }> {
  const rows = [...ids].map((id) => ({ id }));
  return { after, size: 3, rows, end: rows.at(-1)?.id ?? after, more, reading };
}
const pages = [page(null, "abc", true), page("c", "def", true), page("f", "ghi", true)];
const ids = (list: readonly ListPage<{ readonly id: string }>[]) =>
  list.map(({ rows }) => rows.map(({ id }) => id).join("")).join("|");

it("reads the next page when the end of what is loaded comes near, and none when it is far", () => {
  expect(nextChain(pages, { first: 0, last: 2 }, 0, 3)).toBeNull();
  expect(nextChain(pages, { first: 3, last: 5 }, 0, 3)).toBeNull();
  expect(nextChain(pages, { first: 4, last: 6 }, 0, 3)).toEqual({ from: 3, to: 3 });
  expect(nextChain(pages, { first: 700, last: 720 }, 0, 3)).toEqual({ from: 3, to: 3 });
  expect(nextChain([page(null, "abc", false)], { first: 0, last: 2 }, 0, 3)).toBeNull();
  expect(nextChain([], { first: 0, last: 2 }, 0, 3)).toBeNull();
});

it("reads anew what is in sight and outdated, up to the last page in sight", () => {
  expect(nextChain(pages, { first: 4, last: 6 }, 1, 0)).toEqual({ from: 1, to: 2 });
  expect(nextChain(pages, { first: 0, last: 0 }, 1, 0)).toEqual({ from: 0, to: 0 });
  const half = [page(null, "abc", true, 1), page("c", "def", true, 1), page("f", "ghi", true)];
  expect(nextChain(half, { first: 0, last: 5 }, 1, 0)).toBeNull();
  expect(nextChain(half, { first: 0, last: 6 }, 1, 0)).toEqual({ from: 2, to: 2 });
});

it("adds a page at the end", () => {
  expect(ids(placePages(pages, { from: 3, to: 3 }, [page("i", "jk", false)]))).toBe("abc|def|ghi|jk");
});

it("keeps the pages behind those read anew while they still follow", () => {
  const kept = placePages(pages, { from: 1, to: 1 }, [page("c", "dxf", true, 1)]);
  expect(ids(kept)).toBe("abc|dxf|ghi");
});

it("drops the pages behind when they do not follow any more, so that no row is lost or stands there twice", () => {
  expect(ids(placePages(pages, { from: 0, to: 0 }, [page(null, "aab", true, 1)]))).toBe("aab");
  expect(ids(placePages(pages, { from: 1, to: 1 }, [page("c", "de", false, 1)]))).toBe("abc|de");
  // The list became shorter than the chain.
  expect(ids(placePages(pages, { from: 0, to: 1 }, [page(null, "ab", false, 1)]))).toBe("ab");
});

it("knows the same rows again, whatever changed about them", () => {
  const row = { id: "a", state: "IDLE" };
  expect(sameRows([row], [{ ...row, state: "BUSY" } as { id: string }])).toBe(true);
  expect(sameRows([row], [])).toBe(false);
  expect(sameRows([row, { id: "b" }], [{ id: "b" }, row])).toBe(false);
});
