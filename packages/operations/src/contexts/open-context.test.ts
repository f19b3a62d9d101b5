import { within } from "@muster/domain/actor.ts";
import { Forbidden, InvalidInput, NotFound } from "@muster/domain/errors.ts";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addAgent, addProject, callerOf, createFixture, type Fixture, only } from "../../test/fixtures.ts";
import { newId } from "../new-id.ts";
import { createProject } from "../projects/create-project.ts";
import { acknowledgeContext } from "./rollbacks/acknowledge-context.ts";
import { getContexts, listContexts } from "./context-queries.ts";
import { openContext } from "./open-context.ts";
import { releaseVersion } from "./rollbacks/release-version.ts";
import { rollBackContext } from "./rollbacks/roll-back-context.ts";
import { diffVersions } from "./versions/compare-versions.ts";
import { listVersions } from "./versions/version-list.ts";
import { getVersionData, getVersions } from "./versions/version-queries.ts";
import { writeContext } from "./versions/write-context.ts";

let fixture: Fixture;
beforeAll(async () => {
  fixture = await createFixture();
});
afterAll(() => fixture.close());

const open = (name: string, agentId: string | null = null, caller = fixture.admin) =>
  openContext(fixture.runtime, caller, { projectId: fixture.projectId, agentId, name });

describe("openContext", () => {
  it("gives any number of callers at once the same context, opened once", async () => {
    // With every connection open, they do come at once.
    await Promise.all(Array.from({ length: 16 }, () => fixture.database.query(sql`select pg_sleep(0.1)`)));
    for (const agentId of [null, (await addAgent(fixture, "opener")).id]) {
      const opened = await Promise.all(Array.from({ length: 16 }, () => open("same", agentId)));
      expect(new Set(opened.map((context) => context.id)).size).toBe(1);
      expect(opened[0]).toMatchObject({ name: "same", agentId, currentVersion: 0, rollbackState: null });
      const events = await fixture.database.query(sql`
        select type, subject_version, agent_id, payload from events where context_id = ${opened[0]?.id}`);
      expect(events).toEqual([
        {
          type: "context.opened",
          subject_version: 0,
          agent_id: agentId,
          payload: { name: "same", shared: agentId === null },
        },
      ]);
    }
  });

  it("keeps contexts of the same name apart by owner", async () => {
    const [one, other] = [await addAgent(fixture, "one"), await addAgent(fixture, "other")];
    const contexts = [await open("notes"), await open("notes", one.id), await open("notes", other.id)];
    expect(new Set(contexts.map((context) => context.id)).size).toBe(3);
  });

  it("refuses bad names, and the projects and agents of others", async () => {
    const elsewhere = await addProject(fixture.database);
    const stranger = await addAgent(fixture, "stranger", "ONLINE", elsewhere);
    await expect(open("")).rejects.toThrow(InvalidInput);
    await expect(open("a\0b")).rejects.toThrow(InvalidInput);
    await expect(open("x".repeat(201))).rejects.toThrow(InvalidInput);
    await expect(open("notes", newId())).rejects.toThrow(NotFound);
    await expect(open("notes", stranger.id)).rejects.toThrow(NotFound);
    await expect(open("notes", null, stranger.caller)).rejects.toThrow(NotFound);
    await expect(
      open("notes", null, callerOf({ kind: "USER", name: "Reader", permissions: new Set(["context.read"]) })),
    ).rejects.toThrow(Forbidden);
  });
});

describe("an agent's own credentials", () => {
  it("reach its own and shared contexts, and nothing of another agent's", async () => {
    const [mine, theirs] = [await addAgent(fixture, "mine"), await addAgent(fixture, "theirs")];
    const { runtime, projectId } = fixture;
    await expect(open("secret", theirs.id, mine.caller)).rejects.toThrow(NotFound);
    const own = await open("secret", mine.id, mine.caller);
    const shared = await open("shared by all", null, mine.caller);
    const secret = await open("secret", theirs.id);
    const key = { contextId: secret.id, number: 1 };
    await writeContext(runtime, fixture.admin, { contextId: secret.id, data: { secret: true } });
    await writeContext(runtime, fixture.admin, { contextId: secret.id, data: { secret: false } });

    await expect(writeContext(runtime, mine.caller, { contextId: secret.id, data: {} })).rejects.toThrow(NotFound);
    await expect(
      writeContext(runtime, mine.caller, { contextId: secret.id, patch: [{ op: "add", path: "/a", value: 1 }] }),
    ).rejects.toThrow(NotFound);
    expect(await getContexts(runtime, mine.caller, [secret.id])).toEqual([]);
    expect(await getVersions(runtime, mine.caller, [key])).toEqual([]);
    expect(await getVersionData(runtime, mine.caller, [key])).toEqual([]);
    expect((await only(listVersions(runtime, mine.caller, [secret.id], {}, {}))).edges).toEqual([]);
    await expect(only(diffVersions(runtime, mine.caller, [secret.id], 1, 2))).rejects.toThrow(NotFound);
    const answer = { contextId: secret.id, agentId: mine.id, version: 1, ok: true };
    await expect(acknowledgeContext(runtime, mine.caller, answer)).rejects.toThrow(NotFound);
    await expect(acknowledgeContext(runtime, mine.caller, { ...answer, agentId: theirs.id })).rejects.toThrow(
      Forbidden,
    );
    await expect(
      rollBackContext(runtime, mine.caller, { contextId: own.id, toVersion: 1, reason: "try" }),
    ).rejects.toThrow(Forbidden);
    const listed = await only(listContexts(runtime, mine.caller, { projectIds: [projectId] }, {}, { first: 200 }));
    const ids = listed.edges.map((edge) => edge.node.id);
    expect(ids).toEqual(expect.arrayContaining([own.id, shared.id]));
    expect(ids).not.toContain(secret.id);
    expect((await getVersionData(runtime, theirs.caller, [key]))[0]?.data).toEqual({ secret: true });
  });
});

describe("credentials of another place", () => {
  it("see none of it: everything answers as if it were missing", async () => {
    const { runtime, admin, workspaceId } = fixture;
    const elsewhere = await addProject(fixture.database);
    const neighbour = await createProject(runtime, admin, { workspaceId, slug: "neighbour", name: "Neighbour" });
    const context = await open("here");
    for (const data of [{ a: 1 }, { a: 2 }]) await writeContext(runtime, admin, { contextId: context.id, data });
    for (const reach of [within(elsewhere.workspaceId, null), within(workspaceId, neighbour.id)]) {
      const stranger = { ...admin, actor: { ...admin.actor, reach } };
      await expect(open("here", null, stranger)).rejects.toThrow(NotFound);
      expect(await getContexts(runtime, stranger, [context.id])).toEqual([]);
      expect(await getVersionData(runtime, stranger, [{ contextId: context.id, number: 1 }])).toEqual([]);
      expect((await only(listVersions(runtime, stranger, [context.id], {}, {}))).edges).toEqual([]);
      expect((await only(listContexts(runtime, stranger, { projectIds: [fixture.projectId] }, {}, {}))).edges).toEqual(
        [],
      );
      const rollback = { contextId: context.id, toVersion: 1, reason: "try" };
      await expect(writeContext(runtime, stranger, { contextId: context.id, data: {} })).rejects.toThrow(NotFound);
      await expect(rollBackContext(runtime, stranger, rollback)).rejects.toThrow(NotFound);
      await expect(
        releaseVersion(runtime, stranger, { contextId: context.id, number: 1, reason: "try" }),
      ).rejects.toThrow(NotFound);
      await expect(only(diffVersions(runtime, stranger, [context.id], 1, 2))).rejects.toThrow(NotFound);
    }
    expect((await getContexts(runtime, admin, [context.id]))[0]?.currentVersion).toBe(2);
  });
});

describe("listContexts", () => {
  it("filters by owner, name and rollback, and pages by name", async () => {
    const { runtime, admin, database } = fixture;
    const place = await addProject(database);
    const agent = await addAgent(fixture, "lister", "OFFLINE", place);
    for (const [name, agentId] of [
      ["Alpha", null],
      ["beta", agent.id],
      ["gamma", null],
      ["100% a_b", null],
    ] as const) {
      const context = await openContext(runtime, admin, { projectId: place.projectId, agentId, name });
      for (const data of [1, 2]) await writeContext(runtime, admin, { contextId: context.id, data });
      if (name === "gamma")
        await rollBackContext(runtime, admin, { contextId: context.id, toVersion: 1, reason: "wrong" });
    }
    const scope = { projectIds: [place.projectId] };
    const names = async (filter: Parameters<typeof listContexts>[3], page = {}) =>
      (await only(listContexts(runtime, admin, scope, filter, page))).edges.map((edge) => edge.node.name);
    expect((await names({})).toSorted()).toEqual(["100% a_b", "Alpha", "beta", "gamma"]);
    expect(await names({ agentId: agent.id })).toEqual(["beta"]);
    expect(await names({ shared: false })).toEqual(["beta"]);
    expect((await names({ shared: true })).toSorted()).toEqual(["100% a_b", "Alpha", "gamma"]);
    expect(await names({ shared: true, agentId: agent.id })).toEqual([]);
    expect(await names({ search: "ALPH" })).toEqual(["Alpha"]);
    expect(await names({ search: "% a_" })).toEqual(["100% a_b"]);
    expect(await names({ rollbackStates: ["SUCCEEDED"] })).toEqual(["gamma"]);
    expect(await names({ rollbackStates: [] })).toEqual([]);
    await expect(names({ search: "\0" })).rejects.toThrow(InvalidInput);
    const first = await only(listContexts(runtime, admin, scope, {}, { first: 3 }));
    const rest = await names({}, { after: first.edges[2]?.cursor });
    expect([...first.edges.map((edge) => edge.node.name), ...rest]).toEqual(await names({}));
    expect(first.hasNextPage).toBe(true);
  });
});
