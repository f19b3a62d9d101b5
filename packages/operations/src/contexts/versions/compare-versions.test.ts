import { NotFound } from "@muster/domain/errors.ts";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addAgent, createFixture, type Fixture, only } from "../../../test/fixtures.ts";
import { newId } from "../../new-id.ts";
import { diffVersions, pairVersions } from "./compare-versions.ts";
import { openContext } from "../open-context.ts";
import { writeContext } from "./write-context.ts";

let fixture: Fixture;
beforeAll(async () => {
  fixture = await createFixture();
});
afterAll(() => fixture.close());

async function contextOf(data: readonly { readonly a: number }[], agentId: string | null = null): Promise<string> {
  const { runtime, admin, projectId } = fixture;
  const { id } = await openContext(runtime, admin, { projectId, agentId, name: newId() });
  for (const each of data) await writeContext(runtime, admin, { contextId: id, data: each });
  return id;
}

const pair = async (from: [string, number], to: [string, number], caller = fixture.admin) => {
  const [contextId, number] = to;
  const keys = [
    { contextId: from[0], number: from[1] },
    { contextId, number },
  ] as const;
  return (await pairVersions(fixture.runtime, caller, [keys]))[0];
};

describe("comparing versions", () => {
  it("pairs any two, of one context or of two", async () => {
    const [one, other] = [await contextOf([{ a: 1 }, { a: 2 }]), await contextOf([{ a: 1 }])];
    expect(await pair([one, 1], [one, 2])).toMatchObject({ from: { number: 1 }, to: { number: 2 } });
    const across = await pair([one, 1], [other, 1]);
    if (!across || across instanceof Error) throw new Error("There are both.");
    expect([across.from.contextId, across.to.contextId]).toEqual([one, other]);
    expect(across.from.dataHash).toBe(across.to.dataHash);
    expect(await pair([one, 1], [one, 1])).toMatchObject({ from: { number: 1 }, to: { number: 1 } });
    for (const number of [0, 3]) expect(await pair([one, 1], [one, number])).toBeInstanceOf(NotFound);
  });

  it("pairs nothing that the caller may not see", async () => {
    const owner = await addAgent(fixture, newId());
    const [open, secret] = [await contextOf([{ a: 1 }]), await contextOf([{ a: 1 }], owner.id)];
    const other = await addAgent(fixture, newId());
    expect(await pair([open, 1], [secret, 1], owner.caller)).toMatchObject({ from: { number: 1 } });
    expect(await pair([open, 1], [secret, 1], other.caller)).toBeInstanceOf(NotFound);
    expect(await pair([secret, 1], [open, 1], other.caller)).toBeInstanceOf(NotFound);
  });

  it("says of one that was tampered with, and leaves the others alone", async () => {
    const [bad, good] = [await contextOf([{ a: 1 }, { a: 2 }, { a: 3 }]), await contextOf([{ a: 1 }, { a: 2 }])];
    await fixture.database.query(
      sql`update context_versions set message = 'x' where context_id = ${bad} and number = 2`,
    );
    const tampered = { name: "VersionTampered", number: 2 };
    const keys = [bad, good].map(
      (contextId) =>
        [
          { contextId, number: 1 },
          { contextId, number: 2 },
        ] as const,
    );
    expect(await pairVersions(fixture.runtime, fixture.admin, keys)).toMatchObject([tampered, { to: { number: 2 } }]);
    expect(await pair([bad, 2], [bad, 1])).toMatchObject(tampered);
    expect(await pair([bad, 1], [bad, 3])).toMatchObject({ to: { number: 3 } });
    await expect(only(diffVersions(fixture.runtime, fixture.admin, [bad], 1, 2))).rejects.toMatchObject(tampered);
  });
});
