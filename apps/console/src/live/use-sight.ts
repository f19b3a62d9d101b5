"use client";
import { useEffect, useMemo, useRef, useState } from "react";
import type { Sight } from "#live/list-pages.ts";
import type { RowList } from "#live/use-live-list.ts";

/** So long the rows in sight have to stay the same until more of them is read: while one scrolls past, nothing is. */
const REST_MS = 200;
/** Rows beyond those in sight, above and below, that count as well. */
const BEYOND = 6;

/** Which rows are seen, and a few beyond, once scrolling has come to rest; `list` is the list to show, which tells it. */
export function useSight<Row extends { readonly id: string }>(
  list: RowList<Row>,
): { list: RowList<Row>; ids: string[] } {
  const [sight, setSight] = useState<Sight>({ first: 0, last: 24 });
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const { show } = list;
  const told = useMemo(
    () => (seen: Sight) => {
      show(seen);
      clearTimeout(timer.current);
      timer.current = setTimeout(() => setSight(seen), REST_MS);
    },
    [show],
  );
  const rows = list.rows.slice(Math.max(0, sight.first - BEYOND), sight.last + BEYOND);
  return {
    list: useMemo(() => ({ ...list, show: told }), [list, told]),
    ids: rows.map(({ id }) => id),
  };
}

/** Whom to follow: those in sight, and while nobody else comes, those that were in sight before. */
export function useFollowed(ids: readonly string[]): readonly string[] {
  const [followed, setFollowed] = useState(ids);
  if (ids.every((id) => followed.includes(id))) return followed;
  setFollowed(ids);
  return ids;
}
