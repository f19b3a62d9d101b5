import { openDatabase } from "@muster/database/database.ts";
import { Conflict } from "@muster/domain/errors.ts";
import type { Json } from "@muster/domain/json.ts";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, it } from "vitest";
import { violationsIn } from "../../../test/consistency.ts";
import { createFixture, type Fixture } from "../../../test/fixtures.ts";
import { newId } from "../../new-id.ts";
import type { Runtime } from "../../runtime.ts";
import { getContexts } from "../context-queries.ts";
import { openContext } from "../open-context.ts";
import { getVersionData } from "./version-queries.ts";
import { writeContext } from "./write-context.ts";
import type { WriteContextInput } from "./write-request.ts";

const WRITERS = 100;
let fixture: Fixture;
/** Two servers: each has connections of its own. */
let servers: Runtime[];
beforeAll(async () => {
  fixture = await createFixture();
  servers = [1, 2].map(() => ({ ...fixture.runtime, database: openDatabase({ url: fixture.url, connections: 10 }) }));
});
afterAll(async () => {
  await Promise.all(servers.map((server) => server.database.close()));
  await fixture.close();
});

const serverOf = (writer: number) => servers[writer % servers.length] as Runtime;
const write = (writer: number, input: WriteContextInput) => writeContext(serverOf(writer), fixture.admin, input);
const writers = Array.from({ length: WRITERS }, (_, writer) => writer);

async function contextOf(data: Json): Promise<string> {
  const { runtime, admin, projectId } = fixture;
  const { id } = await openContext(runtime, admin, { projectId, name: newId() });
  await write(0, { contextId: id, data });
  return id;
}

async function read(writer: number, contextId: string) {
  const [context] = await getContexts(serverOf(writer), fixture.admin, [contextId]);
  const number = context?.currentVersion ?? 0;
  const [version] = await getVersionData(serverOf(writer), fixture.admin, [{ contextId, number }]);
  return { number, data: version?.data as { readonly [key: string]: number } };
}

/** Each version follows the one before it, and has one event, in the same order; all else agrees, too. */
async function expectLinear(contextId: string, versions: number): Promise<void> {
  const rows = await fixture.database.query(sql`
    select v.number, v.parent, e.at from context_versions v
    left join lateral (
      select row_number() over (order by id) as at, payload ->> 'hash' as hash from events
      where context_id = ${contextId} and type = 'context.version_written') e on e.hash = v.hash
    where v.context_id = ${contextId} order by v.number`);
  expect(rows).toEqual(
    Array.from({ length: versions }, (_, at) => ({ number: at + 1, parent: at || null, at: String(at + 1) })),
  );
  expect(await violationsIn(fixture.database)).toEqual([]);
}

it("lets one of a hundred writers win who expect the same version", async () => {
  const contextId = await contextOf({ count: 0 });
  const results = await Promise.allSettled(
    writers.map((writer) =>
      write(writer, {
        contextId,
        expectedVersion: 1,
        ...(writer % 2 ? { data: { count: writer } } : { mergePatch: { count: writer } }),
      }),
    ),
  );
  const refused = results.filter((result) => result.status === "rejected");
  expect(refused.filter((result) => result.reason instanceof Conflict)).toHaveLength(WRITERS - 1);
  await expectLinear(contextId, 2);
});

it("loses no update of those who expect what they have read", async () => {
  const contextId = await contextOf({ count: 0 });
  const increment = async (writer: number): Promise<void> => {
    for (;;) {
      const { number, data } = await read(writer, contextId);
      const next = { count: (data["count"] ?? 0) + 1 };
      const written = await write(writer, { contextId, data: next, expectedVersion: number }).catch(
        (error: unknown) => {
          if (error instanceof Conflict) return null;
          throw error;
        },
      );
      if (written) return;
    }
  };
  await Promise.all(writers.slice(0, 16).map(increment));
  expect((await read(0, contextId)).data).toEqual({ count: 16 });
  await expectLinear(contextId, 17);
});

it("loses nothing of a hundred who expect nothing: patches, merge patches and merges", async () => {
  const contextId = await contextOf({});
  const change = (writer: number): Omit<WriteContextInput, "contextId"> => {
    const key = `k${writer}`;
    if (writer % 4 === 0) return { patch: [{ op: "add", path: `/${key}`, value: writer }] };
    if (writer % 4 === 1) return { mergePatch: { [key]: writer } };
    if (writer % 4 === 2) return { data: { [key]: writer }, baseVersion: 1, merge: true };
    return { mergePatch: { [key]: writer }, baseVersion: 1, merge: true };
  };
  const written = await Promise.all(writers.map((writer) => write(writer, { contextId, ...change(writer) })));
  expect(new Set(written.map((version) => version.number)).size).toBe(WRITERS);
  expect((await read(0, contextId)).data).toEqual(Object.fromEntries(writers.map((writer) => [`k${writer}`, writer])));
  await expectLinear(contextId, WRITERS + 1);
});

it("keeps each of a hundred whole data, one after the other", async () => {
  const contextId = await contextOf({});
  const written = await Promise.all(writers.map((writer) => write(writer, { contextId, data: { writer } })));
  const found = await getVersionData(
    fixture.runtime,
    fixture.admin,
    written.map(({ number }) => ({ contextId, number })),
  );
  const byNumber = new Map(found.map(({ number, data }) => [number, data]));
  expect(written.map(({ number }) => byNumber.get(number))).toEqual(writers.map((writer) => ({ writer })));
  await expectLinear(contextId, WRITERS + 1);
}, 30_000);
