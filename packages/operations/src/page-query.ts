import type { Connection } from "@muster/database/database.ts";
import { InvalidInput } from "@muster/domain/errors.ts";
import { COUNT_CAP, DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE, type Page, type PageArguments } from "@muster/domain/page.ts";
import { sql, type SQL } from "drizzle-orm";

/**
 * The id of whom a list belongs to, within a `ListQuery`: the tasks of an agent are `sql`t.agent_id = ${PARENT}``. So one
 * statement reads the lists of many.
 */
export const PARENT: SQL = sql.raw("listed.parent");

/** A list that can be paged: all conditions in SQL, in a total order that an index serves for each parent. */
export interface ListQuery {
  /** Select list, for example `sql.raw(rowColumns(agents, "a"))`. */
  readonly columns: SQL;
  readonly from: SQL;
  /** Together with the branches, these name `PARENT`. */
  readonly where: readonly SQL[];
  /**
   * Conditions of which exactly one holds for each row of the list, where an index gives each in order, but not all together,
   * as with several states: each is read by itself, a page at most, and the pages are merged.
   */
  readonly branches?: readonly (SQL | Branch)[];
  /** Expressions that are never null, all in one direction, the last of them unique. `type` is the SQL type. */
  readonly orderBy: readonly {
    readonly expression: SQL;
    readonly type: "timestamptz" | "text" | "uuid" | "integer" | "bigint";
  }[];
  readonly direction: "ASC" | "DESC";
}

/** A part of a list with expressions of its own to sort by: equal to the list's for its rows, but an index gives them. */
export interface Branch {
  readonly where: SQL;
  readonly keys: readonly SQL[];
}

/** A page and, when asked for, how many rows the whole list has. */
export interface CountedPage<Row> extends Page<Row> {
  /** Counts to 10,000 and then says so. The lists of pages that were read together are counted together, once. */
  count(): Promise<Count>;
}

interface Count {
  readonly count: number;
  readonly capped: boolean;
}

/** Pages of the same list of many parents, by the parent's id: one for each. */
export type Pages<Row> = ReadonlyMap<string, CountedPage<Row>>;

/** The same pages with something else in the place of each row. */
export function mapPages<Row, Other>(pages: Pages<Row>, other: (row: Row) => Other): Pages<Other> {
  return new Map(
    [...pages].map(([parent, { edges, ...rest }]) => [
      parent,
      { ...rest, edges: edges.map(({ cursor, node }) => ({ cursor, node: other(node) })) },
    ]),
  );
}

/**
 * Reads the same page of each parent's list in one statement, by keyset: forwards from `after`, or backwards from `before`.
 * Parents are UUIDs, in any order. Throws `InvalidInput` for a page size outside 1 to 200, for a cursor of another list, and
 * for `first` together with `last`.
 */
export async function readPages<Row extends object>(
  connection: Connection,
  list: ListQuery,
  parents: readonly string[],
  page: PageArguments,
): Promise<Pages<Row>> {
  const backwards = typeof page.last === "number";
  if (backwards && typeof page.first === "number") {
    throw new InvalidInput([{ path: ["last"], message: "cannot be combined with first: page one way at a time." }]);
  }
  const size = pageSize(backwards ? "last" : "first", backwards ? page.last : page.first);
  const order = sql.raw((list.direction === "DESC") !== backwards ? "desc" : "asc");
  const bounds: Bound[] = [];
  for (const [name, cursor, operator] of [
    ["after", page.after, list.direction === "DESC" ? "<" : ">"],
    ["before", page.before, list.direction === "DESC" ? ">" : "<"],
  ] as const) {
    if (cursor) bounds.push({ operator: sql.raw(operator), values: cursorValues(list, name, cursor) });
  }
  const cursor = joined(list.orderBy.map((key) => sql`(${key.expression})::text`));
  const keys = joined(list.orderBy.map((key) => key.expression));
  const columns = sql`array[${cursor}] as "pageCursor", row(${keys}) as "pageKey", ${list.columns}`;
  const found = await connection.query<Row & { pageParent: string; pageCursor: string[]; pageKey: unknown }>(
    sql`select listed.parent as "pageParent", page.* from ${listed(parents)} cross join lateral (
      select * from (${rowsOf(list, columns, bounds, order, size + 1)}) branch order by "pageKey" ${order} limit ${size + 1}
    ) page order by page."pageKey" ${order}`,
  );
  const byParent = Map.groupBy(found, (row) => row.pageParent);
  let counting: Promise<ReadonlyMap<string, Count>> | undefined;
  return new Map(
    parents.map((parent) => {
      const rows = byParent.get(parent) ?? [];
      const more = rows.length > size;
      const shown = rows.slice(0, size);
      if (backwards) shown.reverse();
      return [
        parent,
        {
          edges: shown.map(({ pageParent: _parent, pageCursor, pageKey: _key, ...node }) => ({
            cursor: encodeCursor(pageCursor),
            node: node as unknown as Row,
          })),
          hasNextPage: backwards ? Boolean(page.before) : more,
          hasPreviousPage: backwards ? more : Boolean(page.after),
          count: async () => (await (counting ??= countLists(connection, list, parents))).get(parent) ?? NONE,
        },
      ];
    }),
  );
}

/** Where a page begins or ends: its keys compared with those of a cursor. */
interface Bound {
  readonly operator: SQL;
  readonly values: SQL;
}

const NONE: Count = { count: 0, capped: false };

async function countLists(connection: Connection, list: ListQuery, parents: readonly string[]) {
  const counted = rowsOf(list, sql`1`, [], sql.raw(list.direction), COUNT_CAP + 1);
  const rows = await connection.query<{ parent: string; count: number }>(
    sql`select listed.parent, counted.count from ${listed(parents)} cross join lateral (
      select count(*)::int as count from (select from (${counted}) branch limit ${COUNT_CAP + 1}) capped) counted`,
  );
  return new Map(
    rows.map(({ parent, count }) => [parent, { count: Math.min(count, COUNT_CAP), capped: count > COUNT_CAP }]),
  );
}

/**
 * The first rows of each branch of a list. In the list's order also where they are only counted, or the planner reads all of a
 * table that belongs to others in the hope of soon having enough.
 */
function rowsOf(list: ListQuery, columns: SQL, bounds: readonly Bound[], order: SQL, limit: number): SQL {
  const listKeys = list.orderBy.map((key) => key.expression);
  const branches = (list.branches ?? [sql`true`]).map((branch) => {
    const { where: condition, keys } = "keys" in branch ? branch : { where: branch, keys: listKeys };
    const ordered = joined(keys.map((key) => sql`${key} ${order}`));
    const within = bounds.map(({ operator, values }) => sql`(${joined(keys)}) ${operator} (${values})`);
    const where = sql.join([...list.where, ...within, condition], sql` and `);
    return sql`(select ${columns} from ${list.from} where ${where} order by ${ordered} limit ${limit})`;
  });
  return sql.join(branches, sql` union all `);
}

/** The parents as a table. For a single one the planner puts its id in place of `PARENT`, and knows how much it has. */
function listed(parents: readonly string[]): SQL {
  const [only] = parents;
  const table = parents.length === 1 ? sql`(values (${only}::uuid))` : sql`unnest(${sql.param([...parents])}::uuid[])`;
  return sql`${table} listed(parent)`;
}

function joined(expressions: readonly SQL[]): SQL {
  return sql.join([...expressions], sql`, `);
}

function pageSize(name: string, asked: number | null | undefined): number {
  const size = asked ?? DEFAULT_PAGE_SIZE;
  if (!Number.isInteger(size) || size < 1 || size > MAX_PAGE_SIZE) {
    throw new InvalidInput([{ path: [name], message: `must be from 1 to ${MAX_PAGE_SIZE}.` }]);
  }
  return size;
}

/** The cursor of the row with these keys. */
export function encodeCursor(values: readonly string[]): string {
  return Buffer.from(JSON.stringify(values)).toString("base64url");
}

const SHAPES: Record<ListQuery["orderBy"][number]["type"], RegExp> = {
  timestamptz: /^(infinity|\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?[+-]\d\d(:\d\d)?)$/,
  text: /^[^\u0000]*$/u,
  uuid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  integer: /^-?\d{1,9}$/,
  bigint: /^-?\d{1,18}$/,
};

function cursorValues(list: ListQuery, name: string, cursor: string): SQL {
  const values = decodeCursor(cursor);
  if (
    values?.length !== list.orderBy.length ||
    !list.orderBy.every((key, at) => SHAPES[key.type].test(values[at] ?? "\0"))
  ) {
    throw new InvalidInput([{ path: [name], message: "is not a cursor of this list. Start again without it." }]);
  }
  return joined(list.orderBy.map((key, at) => sql`${values[at]}::${sql.raw(key.type)}`));
}

/** The keys in a cursor; null when it is none. */
export function decodeCursor(cursor: string): string[] | null {
  try {
    const values: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"));
    return Array.isArray(values) && values.every((value) => typeof value === "string" && value.isWellFormed())
      ? values
      : null;
  } catch {
    return null;
  }
}
