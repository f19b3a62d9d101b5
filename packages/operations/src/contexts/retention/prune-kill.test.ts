import { openDatabase } from "@muster/database/database.ts";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createFixture, type Fixture } from "../../../test/fixtures.ts";
import {
  closeUnbroken,
  contentViolations,
  contentsOf,
  keptVersions,
  newContext,
  readAll,
} from "../../../test/pruning.ts";
import type { Runtime } from "../../runtime.ts";
import { pinVersion } from "./pin-version.ts";
import { pruneContext } from "./prune-context.ts";

let fixture: Fixture;
beforeAll(async () => {
  fixture = await createFixture({}, 40);
});
beforeEach(() => fixture.database.query(sql`update contexts set keep_versions = null`));
afterAll(() => closeUnbroken(fixture));

describe("a pass of retention that is killed", () => {
  it("has changed nothing, whichever statement it came to", async () => {
    const { runtime, admin, url } = fixture;
    const contextId = await newContext(fixture, 2, 15);
    await pinVersion(runtime, admin, { contextId, number: 4, name: "kept" });
    const state = async () => ({
      contents: await contentsOf(fixture, contextId),
      data: await readAll(fixture, contextId, 15),
      kept: await keptVersions(fixture, contextId),
    });
    const before = await state();
    const victim = openDatabase({ url, connections: 1, applicationName: "victim" });
    /** Ends the connection's process once it has been answered `statements` statements; then it can commit no more. */
    const killedAfter = (statements: number): Runtime => ({
      ...runtime,
      database: {
        ...victim,
        transaction: (work) =>
          victim.transaction((transaction) => {
            let left = statements;
            return work({
              ...transaction,
              async run(statement, values) {
                const rows = await transaction.run(statement, values);
                left -= 1;
                if (left === 0)
                  await fixture.database.query(
                    sql`select pg_terminate_backend(pid, 5000) from pg_stat_activity where application_name = 'victim'`,
                  );
                return rows;
              },
            });
          }),
      },
    });
    let killed = 0;
    for (; ; killed++) {
      const outcome = await pruneContext(killedAfter(killed + 1), admin, contextId).catch(() => "killed");
      if (outcome !== "killed") break;
      expect(await state()).toEqual(before);
      expect(await contentViolations(fixture)).toEqual([]);
    }
    await victim.close();
    // Hold, judge, two that are rebased, the last look for such, remove.
    expect(killed).toBeGreaterThanOrEqual(8);
    expect(await keptVersions(fixture, contextId)).toEqual([4, 14, 15]);
    const { data } = await state();
    for (const number of [4, 14, 15]) expect(data.get(number)).toEqual(before.data.get(number));
  });
});
