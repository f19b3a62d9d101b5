import pg from "pg";
import { expect, it } from "vitest";
import { createTestDatabase } from "./test-database.ts";

async function count(url: string, sql: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<{ count: string }>(sql)).rows[0]?.count;
  } finally {
    await client.end();
  }
}

it("gives migrated databases that are apart from each other, also when many are made at once", async () => {
  const databases = await Promise.all(Array.from({ length: 6 }, () => createTestDatabase()));
  const [first, second] = databases as [(typeof databases)[0], (typeof databases)[0]];
  expect(await count(first.url, "select count(*) from drizzle.__drizzle_migrations")).not.toBe("0");
  await count(first.url, "create table only_here (id int)");
  expect(await count(second.url, "select count(*) from pg_tables where tablename = 'only_here'")).toBe("0");
  await Promise.all(databases.map((database) => database.drop()));
  await expect(count(first.url, "select 1 as count")).rejects.toThrow(/does not exist/);
});

it("drops a database that is still in use", async () => {
  const database = await createTestDatabase();
  const client = new pg.Client({ connectionString: database.url });
  const ended = new Promise((resolve) => client.once("end", resolve));
  client.on("error", () => {});
  await client.connect();
  await database.drop();
  await ended;
});
