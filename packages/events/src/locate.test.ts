import { type Database, openDatabase } from "@muster/database/database.ts";
import { createTestDatabase, type TestDatabase } from "@muster/database/test-database.ts";
import { sql } from "drizzle-orm";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { decodeCursor, encodeCursor, pageCursors } from "./cursor.ts";
import { locateCursor, presentCursor, presentPosition } from "./locate.ts";
import { covers, parseSnapshot, sees } from "./snapshot.ts";

let place: TestDatabase;
let database: Database;
beforeAll(async () => {
  place = await createTestDatabase();
  database = openDatabase({ url: place.url, connections: 2 });
});
afterAll(async () => {
  await database.close();
  await place.drop();
});

const encode = (text: string) => Buffer.from(text).toString("base64url");

describe("a cursor", () => {
  it("comes back as it was given out", async () => {
    const { installation, position } = await presentPosition(database);
    expect(decodeCursor(encodeCursor(installation, position.snapshot))?.place).toEqual({
      snapshot: position.snapshot,
      page: null,
    });
    const target = parseSnapshot("900:1000:900,950") ?? position.snapshot;
    expect(decodeCursor(pageCursors(installation, position.snapshot, target)("42"))?.place).toEqual({
      snapshot: position.snapshot,
      page: { target, lastId: "42" },
    });
    expect(await locateCursor(database, await presentCursor(database))).toHaveProperty("position");
  });

  it("that is hostile is answered, and is never an SQL error", async () => {
    const { installation, position } = await presentPosition(database);
    const { xmax } = position.snapshot;
    const bad = [
      "",
      "nonsense",
      "=".repeat(200_000),
      encode("a".repeat(90_000)),
      encode(`${installation};`),
      encode(`${installation};1:1:;`),
      encode(`${installation};0:0:`),
      encode(`${installation};5:4:`),
      encode(`${installation};3:9:8,7`),
      encode(`${installation};3:9:9`),
      encode(`${installation};99999999999999999999:99999999999999999999:`),
      encode(`${installation};18446744073709551615:18446744073709551615:`),
      encode(`${installation};3:${xmax + 100_000n}:`),
      encode(`${installation};3:4:;3:${xmax + 100_000n}:;1`),
      encode(`${installation};9:10:;3:4:;1`),
      encode(`${installation};3:4:;3:5:;9999999999999999999`),
      encode(`${installation};3:4:;3:5:;-1`),
      encode(`ffffffffffffffff;3:4:`),
      encode(`${installation};3:4:'); drop table events; --`),
    ];
    for (const cursor of bad)
      expect(await locateCursor(database, cursor), cursor.slice(0, 80)).toMatchObject({ reason: "CURSOR_UNKNOWN" });

    const good = pageCursors(installation, position.snapshot, position.snapshot)("1");
    const broken = fc
      .tuple(fc.nat(good.length - 1), fc.string({ maxLength: 2 }))
      .map(([at, text]) => good.slice(0, at) + text + good.slice(at + 1));
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          broken,
          fc.string(),
          fc.base64String().map((text) => text.replaceAll("=", "")),
        ),
        async (cursor) => {
          const located = await locateCursor(database, cursor);
          expect("position" in located || located.reason === "CURSOR_UNKNOWN").toBe(true);
        },
      ),
      { numRuns: 200 },
    );
  });

  it("of before a restore is unknown", async () => {
    const cursor = await presentCursor(database);
    await database.query(sql`update installation set epoch = epoch + 1`);
    expect(await locateCursor(database, cursor)).toMatchObject({ reason: "CURSOR_UNKNOWN" });
  });
});

it("a snapshot sees in JavaScript what it sees in Postgres", async () => {
  const xids = fc.bigInt({ min: 3n, max: 40n });
  const snapshots = fc.tuple(fc.uniqueArray(xids), xids).map(([running, highest]) => {
    const listed = running.filter((xid) => xid < highest).sort((a, b) => Number(a - b));
    return `${listed[0] ?? highest}:${highest}:${listed.join(",")}`;
  });
  await fc.assert(
    fc.asyncProperty(snapshots, xids, snapshots, async (text, xid, other) => {
      const [row] = await database.query<{ seen: boolean; covered: boolean }>(sql`
        select pg_visible_in_snapshot(${String(xid)}::xid8, ${text}::pg_snapshot) as seen,
          not exists (select from generate_series(3, 41) n where pg_visible_in_snapshot(n::text::xid8, ${other}::pg_snapshot)
            and not pg_visible_in_snapshot(n::text::xid8, ${text}::pg_snapshot)) as covered`);
      const [snapshot, earlier] = [parseSnapshot(text), parseSnapshot(other)];
      expect(snapshot && sees(snapshot, xid)).toBe(row?.seen);
      expect(snapshot && earlier && covers(snapshot, earlier)).toBe(row?.covered);
    }),
    { numRuns: 200 },
  );
});
