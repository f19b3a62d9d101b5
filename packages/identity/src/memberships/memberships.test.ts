import { openDatabase } from "@muster/database/database.ts";
import { type Caller, unitedGrants } from "@muster/domain/actor.ts";
import { Conflict, Forbidden, InvalidInput, NotFound } from "@muster/domain/errors.ts";
import { ROLE_PERMISSIONS, type Role } from "@muster/domain/roles.ts";
import { getEvents, listEvents } from "@muster/operations/events/event-queries.ts";
import { newId } from "@muster/operations/new-id.ts";
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { callerIn, callerOf, createKeyFixture, type KeyFixture } from "../../test/key-fixture.ts";
import { addPerson, signedIn } from "../../test/people.ts";
import { disableUser, enableUser } from "../people/disable-user.ts";
import { changeRole } from "./change-role.ts";
import { grantRole } from "./grant-role.ts";
import { getMemberships, listMembers, listRolesOf } from "./membership-queries.ts";
import { revokeRole } from "./revoke-role.ts";

let fixture: KeyFixture;
beforeAll(async () => {
  fixture = await createKeyFixture();
});
afterAll(() => fixture.close());

const admin = (workspaceId = fixture.workspaceId, projectId: string | null = null) =>
  callerIn(workspaceId, projectId, ROLE_PERMISSIONS.ADMIN);
const somebody = (roles: { role: Role; workspaceId?: string | null; projectId?: string | null }[]) =>
  addPerson(fixture, { roles });

describe("grantRole", () => {
  it("gives a role in a project, a workspace or the installation, with an event", async () => {
    const { runtime, workspaceId, projectId, admin: everything } = fixture;
    const { userId } = await somebody([]);
    const places = [
      { workspaceId: null, projectId: null },
      { workspaceId, projectId: null },
      { workspaceId, projectId },
    ];
    for (const place of places) {
      const membership = await grantRole(runtime, everything, { userId, ...place, role: "VIEWER" });
      expect(membership).toMatchObject({ userId, ...place, role: "VIEWER", version: 1 });
      expect(await fixture.eventsOf(membership.id)).toMatchObject([
        {
          type: "membership.granted",
          version: 1,
          ...place,
          payload: { userId, name: "Ada", before: null, after: { role: "VIEWER" } },
        },
      ]);
      await expect(grantRole(runtime, everything, { userId, ...place, role: "ADMIN" })).rejects.toThrow(Conflict);
    }
    const both = { workspaceId: fixture.other.workspaceId, projectId };
    await expect(grantRole(runtime, everything, { userId, ...both, role: "VIEWER" })).rejects.toThrow(InvalidInput);
  });

  it("gives nothing that the giver lacks, and nothing beyond their reach", async () => {
    const { runtime, workspaceId, projectId, other } = fixture;
    const { userId } = await somebody([{ role: "VIEWER", workspaceId }]);
    const give = (caller: Caller, place: object, role: Role) => grantRole(runtime, caller, { userId, ...place, role });
    await expect(
      give(callerIn(workspaceId, null, ROLE_PERMISSIONS.DEVELOPER), { projectId }, "VIEWER"),
    ).rejects.toThrow(Forbidden);
    const meek = callerIn(workspaceId, null, [...ROLE_PERMISSIONS.VIEWER, "member.manage", "member.read"]);
    await expect(give(meek, { projectId }, "OPERATOR")).rejects.toThrow(/agent\.transition/);
    await expect(give(admin(), {}, "VIEWER")).rejects.toThrow(Forbidden);
    await expect(give(admin(workspaceId, projectId), { workspaceId }, "VIEWER")).rejects.toThrow(Forbidden);
    for (const place of [
      other,
      { projectId: other.projectId },
      { workspaceId: other.workspaceId },
      { workspaceId: newId() },
      { projectId: newId() },
    ])
      await expect(give(admin(), place, "VIEWER"), JSON.stringify(place)).rejects.toThrow(NotFound);
    expect(await give(meek, { projectId }, "VIEWER")).toMatchObject({ role: "VIEWER", projectId });
  });

  it("takes each of someone's own roles for its own place only", async () => {
    const { runtime, workspaceId, projectId, other } = fixture;
    const grants = [
      { ...other, projectId: null, permissions: new Set(ROLE_PERMISSIONS.ADMIN) },
      { workspaceId, projectId, permissions: new Set(ROLE_PERMISSIONS.VIEWER) },
    ];
    const mixed = callerOf({ ...unitedGrants(grants) });
    const { userId } = await somebody([{ role: "VIEWER", ...other }]);
    await expect(grantRole(runtime, mixed, { userId, projectId, role: "VIEWER" })).rejects.toThrow(NotFound);
    expect(await grantRole(runtime, mixed, { userId, workspaceId: other.workspaceId, role: "ADMIN" })).toBeTruthy();
  });

  it("knows nobody whom the giver cannot see, and nobody raises themselves", async () => {
    const { runtime, workspaceId, projectId, other } = fixture;
    const foreign = await somebody([{ role: "VIEWER", ...other }]);
    for (const userId of [foreign.userId, newId()])
      await expect(grantRole(runtime, admin(), { userId, projectId, role: "VIEWER" })).rejects.toThrow(NotFound);
    const self = await somebody([{ role: "ADMIN", workspaceId }]);
    const caller = await signedIn(fixture, self.userId);
    await expect(grantRole(runtime, caller, { userId: self.userId, projectId, role: "ADMIN" })).rejects.toThrow(
      /another admin/,
    );
  });
});

describe("changeRole", () => {
  it("changes the role, compares the version, and says what was before", async () => {
    const { runtime, workspaceId } = fixture;
    const { userId, membershipIds } = await somebody([{ role: "VIEWER", workspaceId }]);
    const [membershipId = ""] = membershipIds;
    const change = (role: Role, expectedVersion?: number) =>
      changeRole(runtime, admin(), { membershipId, role, expectedVersion });
    expect(await change("OPERATOR", 1)).toMatchObject({ role: "OPERATOR", version: 2 });
    expect(await change("OPERATOR")).toMatchObject({ version: 2 });
    await expect(change("ADMIN", 1)).rejects.toThrow(Conflict);
    expect(await fixture.eventsOf(membershipId)).toMatchObject([
      {
        type: "membership.changed",
        version: 2,
        payload: { userId, name: "Ada", before: { role: "VIEWER" }, after: { role: "OPERATOR" } },
      },
    ]);
    const races = await Promise.allSettled(["VIEWER", "DEVELOPER", "ADMIN"].map((role) => change(role as Role, 2)));
    expect(races.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });

  it("refuses those who lack the old role or the new one, who are elsewhere, and who would raise themselves", async () => {
    const { runtime, workspaceId, other } = fixture;
    const { membershipIds } = await somebody([
      { role: "ADMIN", workspaceId },
      { role: "VIEWER", workspaceId: other.workspaceId },
    ]);
    const [high = "", foreign = ""] = membershipIds;
    const meek = callerIn(workspaceId, null, [...ROLE_PERMISSIONS.VIEWER, "member.manage"]);
    await expect(changeRole(runtime, meek, { membershipId: high, role: "VIEWER" })).rejects.toThrow(Forbidden);
    await expect(revokeRole(runtime, meek, { membershipId: high })).rejects.toThrow(Forbidden);
    for (const membershipId of [foreign, newId()]) {
      await expect(changeRole(runtime, admin(), { membershipId, role: "OPERATOR" })).rejects.toThrow(NotFound);
      await expect(revokeRole(runtime, admin(), { membershipId })).rejects.toThrow(NotFound);
    }
    const self = await somebody([
      { role: "ADMIN", workspaceId },
      { role: "VIEWER", workspaceId, projectId: fixture.projectId },
    ]);
    const caller = await signedIn(fixture, self.userId);
    const [own = "", low = ""] = self.membershipIds;
    await expect(changeRole(runtime, caller, { membershipId: low, role: "OPERATOR" })).rejects.toThrow(/another admin/);
    expect(await changeRole(runtime, caller, { membershipId: own, role: "VIEWER" })).toMatchObject({ role: "VIEWER" });
  });
});

describe("revokeRole", () => {
  it("takes the role away, with the reason", async () => {
    const { runtime, workspaceId } = fixture;
    const { membershipIds, userId } = await somebody([{ role: "VIEWER", workspaceId }]);
    const [membershipId = ""] = membershipIds;
    expect(await revokeRole(runtime, admin(), { membershipId, reason: "left" })).toMatchObject({
      id: membershipId,
      userId,
    });
    expect(await getMemberships(runtime, admin(), [membershipId])).toEqual([]);
    expect(await fixture.eventsOf(membershipId)).toMatchObject([
      {
        type: "membership.revoked",
        version: 2,
        reason: "left",
        payload: { userId, name: "Ada", before: { role: "VIEWER" }, after: null },
      },
    ]);
    await expect(revokeRole(runtime, admin(), { membershipId })).rejects.toThrow(NotFound);
  });
});

describe("the last admin of the installation", () => {
  let one: Awaited<ReturnType<typeof somebody>>;
  let two: Awaited<ReturnType<typeof somebody>>;
  beforeEach(async () => {
    await fixture.execute("delete from memberships where workspace_id is null");
    one = await somebody([{ role: "ADMIN" }]);
    two = await somebody([{ role: "ADMIN" }]);
  });

  const admins = async () =>
    (
      await fixture.execute(
        `select from memberships m join users u on u.id = m.user_id where m.workspace_id is null and m.role = 'ADMIN' and u.disabled_at is null`,
      )
    ).length;

  it("is left, whatever two admins do to each other at once", async () => {
    const { runtime } = fixture;
    const elsewhere = openDatabase({ url: runtime.database.url });
    onTestFinished(() => elsewhere.close());
    const ways = [
      (on: typeof runtime, caller: Caller, { membershipIds }: typeof one) =>
        changeRole(on, caller, { membershipId: membershipIds[0] ?? "", role: "VIEWER" }),
      (on: typeof runtime, caller: Caller, { membershipIds }: typeof one) =>
        revokeRole(on, caller, { membershipId: membershipIds[0] ?? "" }),
      (on: typeof runtime, caller: Caller, { userId }: typeof one) =>
        disableUser(on, caller, { userId, reason: "race" }),
    ];
    for (let round = 0; round < 12; round++) {
      await fixture.execute("delete from memberships where workspace_id is null");
      [one, two] = [await somebody([{ role: "ADMIN" }]), await somebody([{ role: "ADMIN" }])];
      const callers = [await signedIn(fixture, one.userId), await signedIn(fixture, two.userId)] as const;
      const [first, second] = [ways[round % 3], ways[Math.floor(round / 3) % 3]];
      const outcomes = await Promise.allSettled([
        first?.(runtime, callers[0], two),
        second?.({ ...runtime, database: elsewhere }, callers[1], one),
      ]);
      expect(await admins(), `round ${round}`).toBe(1);
      expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    }
  });

  it("cannot be lowered, taken away or kept out, until there is another; one who is kept out does not count", async () => {
    const { runtime, admin: everything } = fixture;
    const [last = ""] = one.membershipIds;
    await disableUser(runtime, everything, { userId: two.userId, reason: "gone" });
    const attempts = [
      () => changeRole(runtime, everything, { membershipId: last, role: "VIEWER" }),
      () => revokeRole(runtime, everything, { membershipId: last }),
      () => disableUser(runtime, everything, { userId: one.userId, reason: "gone" }),
    ];
    for (const attempt of attempts) await expect(attempt()).rejects.toThrow(/last admin/);
    expect(await admins()).toBe(1);
    await enableUser(runtime, everything, { userId: two.userId, reason: "back" });
    expect(await revokeRole(runtime, everything, { membershipId: last })).toMatchObject({ role: "ADMIN" });
  });
});

describe("events about people", () => {
  it("are for those who may read the audit log: in a project's list and one by one", async () => {
    const { runtime, workspaceId, projectId } = fixture;
    const { userId } = await somebody([{ role: "VIEWER", workspaceId }]);
    await grantRole(runtime, admin(), { userId, projectId, role: "OPERATOR" });
    const seen = async (caller: Caller) => {
      const scope = { projectIds: [projectId] };
      const filter = { types: ["membership.granted"], search: userId };
      const pages = await listEvents(runtime, caller, { scope, filter, page: { last: 1 } });
      return pages.get(projectId)?.edges.map(({ node }) => node.id) ?? [];
    };
    const [id = ""] = await seen(admin());
    expect(id).not.toBe("");
    const viewer = callerIn(workspaceId, null, ROLE_PERMISSIONS.DEVELOPER);
    expect(await seen(viewer)).toEqual([]);
    expect(await getEvents(runtime, viewer, [id])).toEqual([]);
    expect(await getEvents(runtime, admin(), [id])).toHaveLength(1);
  });
});

describe("who sees which roles", () => {
  it("is those who may read them there, the person, and those who manage people", async () => {
    const { runtime, workspaceId, projectId, other, admin: everything } = fixture;
    const { userId, membershipIds } = await somebody([
      { role: "VIEWER", workspaceId },
      { role: "VIEWER", workspaceId, projectId },
      { role: "VIEWER", ...other },
      { role: "VIEWER" },
    ]);
    const [whole, project, foreign, installation] = membershipIds;
    const seen = async (caller: Caller) => {
      const rows = await getMemberships(runtime, caller, membershipIds);
      const listed =
        (await listRolesOf(runtime, caller, [userId], {})).get(userId)?.edges.map(({ node }) => node.id) ?? [];
      expect(listed.toSorted()).toEqual(rows.map(({ id }) => id).toSorted());
      return listed.toSorted();
    };
    const sorted = (...ids: (string | undefined)[]) => ids.filter((id) => id !== undefined).toSorted();
    expect(await seen(admin())).toEqual(sorted(whole, project));
    expect(await seen(admin(workspaceId, projectId))).toEqual(sorted(project));
    expect(await seen(admin(other.workspaceId))).toEqual(sorted(foreign));
    expect(await seen(callerIn(workspaceId, null, ROLE_PERMISSIONS.DEVELOPER))).toEqual([]);
    expect(await seen(everything)).toEqual(sorted(whole, project, foreign, installation));
    expect(await seen(await signedIn(fixture, userId))).toEqual(sorted(whole, project, foreign, installation));
  });

  it("is a list of a workspace's that can be searched, by role and project", async () => {
    const { runtime, other } = fixture;
    const { workspaceId, projectId } = other;
    await fixture.execute("delete from memberships where workspace_id = $1", workspaceId);
    const ada = await addPerson(fixture, { name: "Ada Byron", roles: [{ role: "ADMIN", workspaceId }] });
    const bob = await addPerson(fixture, { name: "Bob", roles: [{ role: "VIEWER", workspaceId, projectId }] });
    const list = async (filter: object) => {
      const pages = await listMembers(runtime, admin(workspaceId), [workspaceId, fixture.workspaceId], {
        filter,
        page: { first: 10 },
      });
      expect(pages.get(fixture.workspaceId)?.edges).toEqual([]);
      return pages.get(workspaceId)?.edges.map(({ node }) => node.userId);
    };
    expect(await list({})).toEqual([ada.userId, bob.userId]);
    expect(await list({ role: "VIEWER" })).toEqual([bob.userId]);
    expect(await list({ projectId })).toEqual([bob.userId]);
    expect(await list({ search: "bYR" })).toEqual([ada.userId]);
    expect(await list({ search: bob.email.toUpperCase() })).toEqual([bob.userId]);
    expect(await list({ search: "100%_" })).toEqual([]);
    const nobody = callerIn(workspaceId, null, ROLE_PERMISSIONS.DEVELOPER);
    await expect(listMembers(runtime, nobody, [workspaceId], { page: {} })).rejects.toThrow(Forbidden);
  });
});
