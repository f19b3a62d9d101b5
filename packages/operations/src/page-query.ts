import type { Connection } from "@muster/database/database.ts";
import { InvalidInput } from "@muster/domain/errors.ts";
import { COUNT_CAP, DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE, type Page, type PageArguments } from "@muster/domain/page.ts";
import { sql, type SQL } from "drizzle-orm";

/** A list that can be paged: all conditions in SQL, in a total order that an index serves. */
export interface ListQuery {
  /** Select list, for example `sql.raw(rowColumns(agents, "a"))`. */
  readonly columns: SQL;
  readonly from: SQL;
  readonly where: readonly SQL[];
  /**
   * Conditions of which exactly one holds for each row of the list, where an index gives each in order, but not all together,
   * as with several states: each is read by itself, a page at most, and the pages are merged.
   */
  readonly branches?: readonly SQL[];
  /** Expressions that are never null, all in one direction, the last of them unique. `type` is the SQL type. */
  readonly orderBy: readonly {
    readonly expression: SQL;
    readonly type: "timestamptz" | "text" | "uuid" | "integer" | "bigint";
  }[];
  readonly direction: "ASC" | "DESC";
}

/** A page and, when asked for, how many rows the whole list has. */
export interface CountedPage<Row> extends Page<Row> {
  /** Counts to 10,000 and then says so. */
  count(): Promise<{ readonly count: number; readonly capped: boolean }>;
}

/**
 * Reads one page by keyset: forwards from `after`, or backwards from `before`. Throws `InvalidInput` for a page size
 * outside 1 to 200, for a cursor of another list, and for `first` together with `last`.
 */
export async function readPage<Row extends object>(
  connection: Connection,
  list: ListQuery,
  page: PageArguments,
): Promise<CountedPage<Row>> {
  const backwards = typeof page.last === "number";
  if (backwards && typeof page.first === "number") {
    throw new InvalidInput([{ path: ["last"], message: "cannot be combined with first: page one way at a time." }]);
  }
  const size = pageSize(backwards ? "last" : "first", backwards ? page.last : page.first);
  const descending = (list.direction === "DESC") !== backwards;
  const keys = sql.join(
    list.orderBy.map((key) => key.expression),
    sql`, `,
  );
  const where = [...list.where];
  if (page.after)
    where.push(
      sql`(${keys}) ${sql.raw(list.direction === "DESC" ? "<" : ">")} (${cursorValues(list, "after", page.after)})`,
    );
  if (page.before)
    where.push(
      sql`(${keys}) ${sql.raw(list.direction === "DESC" ? ">" : "<")} (${cursorValues(list, "before", page.before)})`,
    );
  const cursor = sql.join(
    list.orderBy.map((key) => sql`(${key.expression})::text`),
    sql`, `,
  );
  const order = sql.join(
    list.orderBy.map((key) => sql`${key.expression} ${sql.raw(descending ? "desc" : "asc")}`),
    sql`, `,
  );

  const pageOf = (conditions: readonly SQL[]) =>
    sql`select array[${cursor}] as "pageCursor", row(${keys}) as "pageKey", ${list.columns} from ${list.from} ${condition(conditions)} order by ${order} limit ${size + 1}`;
  const branches = list.branches?.map((branch) => sql`(${pageOf([...where, branch])})`);
  const found = await connection.query<Row & { pageCursor: string[]; pageKey: unknown }>(
    branches
      ? sql`select * from (${sql.join(branches, sql` union all `)}) page order by "pageKey" ${sql.raw(descending ? "desc" : "asc")} limit ${size + 1}`
      : pageOf(where),
  );
  const more = found.length > size;
  const rows = found.slice(0, size);
  if (backwards) rows.reverse();
  return {
    edges: rows.map(({ pageCursor, pageKey: _, ...node }) => ({
      cursor: encodeCursor(pageCursor),
      node: node as unknown as Row,
    })),
    hasNextPage: backwards ? Boolean(page.before) : more,
    hasPreviousPage: backwards ? more : Boolean(page.after),
    count: () => countRows(connection, list),
  };
}

async function countRows(connection: Connection, list: ListQuery) {
  const where = list.branches ? [...list.where, sql`(${sql.join([...list.branches], sql` or `)})`] : list.where;
  const [row] = await connection.query<{ count: string }>(
    sql`select count(*) as count from (select 1 from ${list.from} ${condition(where)} limit ${COUNT_CAP + 1}) counted`,
  );
  const count = Number(row?.count ?? 0);
  return { count: Math.min(count, COUNT_CAP), capped: count > COUNT_CAP };
}

function condition(where: readonly SQL[]): SQL {
  return where.length > 0 ? sql`where ${sql.join([...where], sql` and `)}` : sql``;
}

function pageSize(name: string, asked: number | null | undefined): number {
  const size = asked ?? DEFAULT_PAGE_SIZE;
  if (!Number.isInteger(size) || size < 1 || size > MAX_PAGE_SIZE) {
    throw new InvalidInput([{ path: [name], message: `must be from 1 to ${MAX_PAGE_SIZE}.` }]);
  }
  return size;
}

function encodeCursor(values: readonly string[]): string {
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
  return sql.join(
    list.orderBy.map((key, at) => sql`${values[at]}::${sql.raw(key.type)}`),
    sql`, `,
  );
}

function decodeCursor(cursor: string): string[] | null {
  try {
    const values: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"));
    return Array.isArray(values) && values.every((value) => typeof value === "string" && value.isWellFormed())
      ? values
      : null;
  } catch {
    return null;
  }
}
