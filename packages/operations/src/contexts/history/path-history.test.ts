import type { Json } from "@muster/domain/json.ts";
import { InvalidInput } from "@muster/domain/errors.ts";
import { equalJson } from "@muster/domain/json-patch.ts";
import { parsePointer, valueAt } from "@muster/domain/json-pointer.ts";
import { sql } from "drizzle-orm";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addAgent, createFixture, type Fixture, only } from "../../../test/fixtures.ts";
import { newId } from "../../new-id.ts";
import { openContext } from "../open-context.ts";
import { listPathChanges, type PathChange } from "./path-history.ts";
import { pruneContext } from "../retention/prune-context.ts";
import { rollBackContext } from "../rollbacks/roll-back-context.ts";
import { exactTime, versionHash } from "../versions/version-hash.ts";
import { writeContext } from "../versions/write-context.ts";

let fixture: Fixture;
beforeAll(async () => {
  fixture = await createFixture();
});
afterAll(() => fixture.close());

/** Long enough that versions are stored as patches. */
const TEXT = "a text that never changes, so that patches are worth it ".repeat(20);

async function contextOf(documents: readonly { readonly [key: string]: Json }[]): Promise<string> {
  const { runtime, admin, projectId } = fixture;
  const { id } = await openContext(runtime, admin, { projectId, name: newId() });
  for (const document of documents) await writeContext(runtime, admin, { contextId: id, data: { TEXT, ...document } });
  return id;
}

const changesIn = (contextId: string, pointer: string, page: { first?: number; after?: string } = {}) =>
  only(listPathChanges(fixture.runtime, fixture.admin, [contextId], { pointer, ...page }));

/** `number kind before>after` of each. */
function told(changes: readonly PathChange[]): string[] {
  const shown = (value: Json | undefined) => (value === undefined ? "" : JSON.stringify(value));
  return changes.map(({ version, kind, before, after, beforePruned }) =>
    [version.number, kind, `${beforePruned ? "?" : ""}${shown(before)}>${shown(after)}`].join(" "),
  );
}

/** All of a path's history, page by page. */
async function allOf(contextId: string, pointer: string, first: number): Promise<string[]> {
  const all: string[] = [];
  for (let after: string | undefined; ;) {
    const page = await changesIn(contextId, pointer, after === undefined ? { first } : { first, after });
    expect(page.changes.length).toBeLessThanOrEqual(first);
    all.push(...told(page.changes));
    if (page.endCursor === null) return all;
    after = page.endCursor;
  }
}

async function prune(contextId: string, keep: number): Promise<void> {
  await fixture.database.query(sql`update contexts set keep_versions = ${keep} where id = ${contextId}`);
  while (await pruneContext(fixture.runtime, fixture.admin, contextId));
}

describe("the history of a path", () => {
  it("says when a value came, changed and went, and who did it", async () => {
    const documents = [
      { other: 1 },
      { plan: { owner: "ada" } },
      { plan: { owner: "ada", other: 2 } },
      { plan: { owner: null } },
      { plan: {} },
    ];
    const contextId = await contextOf(documents);
    const { changes, endCursor, examined } = await changesIn(contextId, "/plan/owner");
    expect(told(changes)).toEqual(["5 REMOVED null>", '4 CHANGED "ada">null', '2 ADDED >"ada"']);
    expect(changes[2]?.version).toMatchObject({ number: 2, author: { kind: "API_KEY", name: "admin" }, parent: 1 });
    expect([endCursor, examined]).toEqual([null, 5]);
    expect(told((await changesIn(contextId, "/plan")).changes).map((line) => line.slice(0, 9))).toEqual([
      "5 CHANGED",
      "4 CHANGED",
      "3 CHANGED",
      "2 ADDED >",
    ]);
    expect((await changesIn(contextId, "")).changes.map(({ version }) => version.number)).toEqual([5, 4, 3, 2, 1]);
    expect((await changesIn(contextId, "/nothing")).changes).toEqual([]);
    expect((await changesIn(await contextOf([]), "")).changes).toEqual([]);
  });

  it("takes a pointer into a list literally", async () => {
    const contextId = await contextOf([
      { list: ["a", "b"] },
      { list: ["z", "a", "b"] },
      { list: ["z", "a", "b", "c"] },
    ]);
    expect(told((await changesIn(contextId, "/list/1")).changes)).toEqual(['2 CHANGED "b">"a"', '1 ADDED >"b"']);
    expect(told((await changesIn(contextId, "/list/3")).changes)).toEqual(['3 ADDED >"c"']);
  });

  it("is what comparing each version with the one before tells, through rollbacks, pages and patches", async () => {
    const json = fc.letrec<{ value: Json }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 3 },
        fc.constantFrom<Json>(null, 0, 1, "x"),
        fc.array(tie("value"), { maxLength: 3 }),
        fc.dictionary(fc.constantFrom("a", "b", "0"), tie("value"), { maxKeys: 3 }),
      ),
    })).value;
    const step = fc.oneof({ weight: 5, arbitrary: json }, { weight: 1, arbitrary: fc.nat(20).map((to) => ({ to })) });
    const pointer = fc.constantFrom("", "/v", "/v/a", "/v/a/b", "/v/0", "/v/0/a", "/v/b/0", "/v/1", "/TEXT");
    const property = fc.asyncProperty(
      fc.array(step, { minLength: 1, maxLength: 15 }),
      pointer,
      fc.integer({ min: 1, max: 4 }),
      async (steps, at, first) => {
        const contextId = await contextOf([]);
        const { runtime, admin } = fixture;
        const documents: Json[] = [];
        for (const one of steps) {
          const to = typeof one === "object" && one !== null && "to" in one ? (one.to as number) : null;
          if (to === null) documents.push({ TEXT, v: one as Json });
          else if (to >= 1 && to < documents.length) documents.push(documents[to - 1] as Json);
          else continue;
          const written =
            to === null
              ? writeContext(runtime, admin, { contextId, data: documents.at(-1) as Json })
              : rollBackContext(runtime, admin, { contextId, toVersion: to, reason: "test" });
          // What was rolled back is held.
          await written.catch(() => documents.pop());
        }
        const tokens = parsePointer(at) ?? [];
        const values = documents.map((document) => valueAt(document, tokens));
        const expected = values.flatMap((after, index) => {
          const before = index === 0 ? undefined : values[index - 1];
          if (before === undefined ? after === undefined : after !== undefined && equalJson(before, after)) return [];
          return [{ number: index + 1, before, after }];
        });
        const all = (await allOf(contextId, at, first)).map((line) => line.split(" ")[0]);
        expect(all).toEqual(expected.toReversed().map(({ number }) => String(number)));
        const { changes } = await changesIn(contextId, at);
        expect(changes.map(({ before, after }) => [before, after])).toEqual(
          expected.toReversed().map(({ before, after }) => [before, after]),
        );
      },
    );
    await fc.assert(property, { numRuns: 60 });
  });

  it("does not claim to know what retention has removed", async () => {
    const contextId = await contextOf(Array.from({ length: 30 }, (_, at) => ({ owner: at < 25 ? "ada" : "bob", at })));
    await fixture.database.query(sql`
      insert into context_pins (context_id, name, number, author) values (${contextId}, 'early', 3, '{}'), (${contextId}, 'later', 10, '{}')`);
    await prune(contextId, 3);
    expect(told((await changesIn(contextId, "/owner")).changes)).toEqual(['28 CHANGED ?>"bob"', '3 ADDED ?>"ada"']);
    expect(told((await changesIn(contextId, "/at")).changes)).toEqual([
      "30 CHANGED 28>29",
      "29 CHANGED 27>28",
      "28 CHANGED ?>27",
      "10 CHANGED ?>9",
      "3 ADDED ?>2",
    ]);
    for (const first of [1, 2, 3]) expect(await allOf(contextId, "/owner", first)).toHaveLength(2);
  });

  it("is looked at anew when retention removes meanwhile what is needed", async () => {
    const contextId = await contextOf(Array.from({ length: 30 }, (_, at) => ({ owner: at < 25 ? "ada" : "bob" })));
    const { runtime, admin } = fixture;
    const { database } = runtime;
    let pruned = false;
    const run: typeof database.run = async (statement, values) => {
      if (!pruned && statement.text.includes("recursive needed")) {
        pruned = true;
        await prune(contextId, 3);
      }
      return database.run(statement, values);
    };
    const interrupted = { ...runtime, database: { ...database, run } };
    const { changes } = await only(listPathChanges(interrupted, admin, [contextId], { pointer: "/owner" }));
    expect(told(changes)).toEqual(['28 ADDED ?>"bob"']);
    expect(pruned).toBe(true);
  });

  it("tells only values from data that is what was written", async () => {
    const contextId = await contextOf(Array.from({ length: 6 }, (_, at) => ({ owner: `owner ${at}` })));
    const change = (number: number) =>
      fixture.database.query(sql`
      update context_contents set body = replace(body, 'owner ', 'thief ') where context_id = ${contextId}
        and data_hash = (select data_hash from context_versions where context_id = ${contextId} and number = ${number})`);
    await change(3);
    const tampered = { name: "VersionTampered", number: 3 };
    const newest = await changesIn(contextId, "/owner");
    expect(told(newest.changes)).toEqual(['6 CHANGED "owner 4">"owner 5"', '5 CHANGED "owner 3">"owner 4"']);
    const after = newest.endCursor ?? "";
    await expect(changesIn(contextId, "/owner", { after })).rejects.toMatchObject(tampered);
    const other = await contextOf([{ owner: 1 }, { owner: 2 }]);
    const page = { pointer: "/owner", after: Buffer.from("[4,3]").toString("base64url") };
    const both = await listPathChanges(fixture.runtime, fixture.admin, [contextId, other], page);
    expect([both.get(contextId), both.get(other)]).toMatchObject([tampered, { changes: [{ after: 2 }, { after: 1 }] }]);
  });

  it("reads and answers a limited number of bytes a page", async () => {
    const { runtime, admin, projectId } = fixture;
    const { id } = await openContext(runtime, admin, { projectId, name: newId() });
    const large = (at: number) => Array.from({ length: 60 }, (_, n) => `${at} ${n} `.repeat(2_500));
    for (let at = 1; at <= 24; at++)
      await writeContext(runtime, admin, { contextId: id, data: { owner: 1, large: large(at) } });
    const unchanged = await changesIn(id, "/owner");
    expect(unchanged).toMatchObject({ changes: [], endCursor: expect.any(String) });
    expect(await allOf(id, "/owner", 5)).toEqual(["1 ADDED >1"]);
    const changed = await changesIn(id, "/large");
    expect(changed.changes.length).toBeLessThan(10);
    const numbers = (await allOf(id, "/large", 50)).map((line) => Number(line.split(" ")[0]));
    expect(numbers).toEqual(Array.from({ length: 24 }, (_, at) => 24 - at));
  }, 60_000);

  it("does not tell of a version whose record was changed", async () => {
    const contextId = await contextOf([{ owner: 1 }, { owner: 2 }]);
    await fixture.database.query(
      sql`update context_versions set message = 'another' where context_id = ${contextId} and number = 2`,
    );
    await expect(changesIn(contextId, "/owner")).rejects.toMatchObject({ name: "VersionTampered", number: 2 });
  });

  it("counts an agent that reads it as one that uses the context, and shows it nothing of others", async () => {
    const contextId = await contextOf([{ owner: 1 }, { owner: 2 }, { owner: 2, other: 1 }]);
    const { caller, id } = await addAgent(fixture, newId());
    const { runtime, admin, projectId, database } = fixture;
    expect(await only(listPathChanges(runtime, caller, [contextId], { pointer: "/owner" }))).toMatchObject({
      examined: 3,
    });
    expect(await database.query(sql`select version from context_readers where agent_id = ${id}`)).toEqual([
      { version: 2 },
    ]);
    const owner = await addAgent(fixture, newId());
    const secret = await openContext(runtime, admin, { projectId, agentId: owner.id, name: newId() });
    await writeContext(runtime, admin, { contextId: secret.id, data: { owner: 1 } });
    const asked = (who: typeof caller) => only(listPathChanges(runtime, who, [secret.id], { pointer: "/owner" }));
    expect(await asked(caller)).toMatchObject({ changes: [], examined: 0 });
    expect(await asked(owner.caller)).toMatchObject({ changes: [{ after: 1 }] });
  });

  it("refuses what is no pointer, no page size and no cursor", async () => {
    const contextId = await contextOf([{ owner: 1 }]);
    await expect(changesIn(contextId, "owner")).rejects.toThrow(InvalidInput);
    for (const first of [0, 201]) await expect(changesIn(contextId, "", { first })).rejects.toThrow(InvalidInput);
    for (const cursor of ["x", "[1]", "[1,2]", "[9999999999,1]"]) {
      const after = Buffer.from(cursor).toString("base64url");
      await expect(changesIn(contextId, "", { after }), cursor).rejects.toThrow(InvalidInput);
    }
  });

  it("goes on after a page that found nothing", async () => {
    const contextId = await contextOf([
      { owner: 1, at: 0 },
      { owner: 1, at: 1 },
    ]);
    await repeat(contextId, 4_500);
    const first = await changesIn(contextId, "/owner");
    expect(first).toMatchObject({ changes: [], endCursor: expect.any(String) });
    expect(first.examined).toBeLessThanOrEqual(2_500);
    expect(await allOf(contextId, "/owner", 5)).toEqual(["1 ADDED >1"]);
    // Also among versions without data.
    await fixture.database.query(
      sql`update context_versions set pruned_at = clock_timestamp() where context_id = ${contextId} and number between 492 and 4491`,
    );
    const all = await allOf(contextId, "/at", 50);
    expect(all.slice(7, 10)).toEqual(["4493 CHANGED 0>1", "4492 CHANGED ?>0", "491 CHANGED 0>1"]);
    // Then two pages end among them, the second right at their end.
    expect(await allOf(contextId, "/at", 8)).toEqual(all);
  });
});

/** Makes thousands of versions of a context of two, which repeat the two. */
async function repeat(contextId: string, versions: number): Promise<void> {
  const { database } = fixture;
  await database.query(sql`
    insert into context_versions (context_id, number, parent, author, size_bytes, data_hash, hash)
    select context_id, n, n - 1, author, size_bytes, data_hash, '' from context_versions, generate_series(3, ${versions}::int) n
    where context_id = ${contextId} and number = 1 + (n % 2)`);
  const hash = versionHash([
    "parent.hash",
    "v.number::text",
    "(v.author ->> 'kind')",
    "(v.author ->> 'id')",
    "(v.author ->> 'name')",
    "v.message",
    exactTime("v.created_at"),
    "v.data_hash",
  ]);
  await database.query(
    sql.raw(`do $$ begin for n in 3..${versions} loop
      update context_versions v set hash = ${hash} from context_versions parent
      where v.context_id = '${contextId}' and v.number = n and parent.context_id = v.context_id and parent.number = n - 1;
    end loop; end $$`),
  );
  await database.query(sql`update contexts set current_version = ${versions} where id = ${contextId}`);
}
