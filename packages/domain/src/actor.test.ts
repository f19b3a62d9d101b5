import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Actor,
  actingWith,
  everywhere,
  type Grant,
  mayIn,
  unitedGrants,
  within,
  withPermission,
} from "./actor.ts";
import { type Permission, PERMISSIONS } from "./permissions.ts";

/** Three workspaces with three projects each. */
const WORKSPACES = ["a", "b", "c"];
const PLACES = WORKSPACES.flatMap((workspaceId) =>
  [1, 2, 3].map((number) => ({ workspaceId, projectId: `${workspaceId}${number}` })),
);
const projectsOf = (workspace: string) =>
  PLACES.flatMap(({ workspaceId, projectId }) => (workspaceId === workspace ? [projectId] : []));

const some = (permissions: Iterable<Permission>): Grant["permissions"] => new Set(permissions);
const whole = (workspaceId: string, permissions: Iterable<Permission>): Grant => ({
  workspaceId,
  projectId: null,
  permissions: some(permissions),
  projectIds: projectsOf(workspaceId),
});
const single = (projectId: string, permissions: Iterable<Permission>): Grant => ({
  workspaceId: projectId.slice(0, 1),
  projectId,
  permissions: some(permissions),
});
const person = (...grants: Grant[]): Actor => ({ kind: "USER", id: "u", name: "u", ...unitedGrants(grants) });

/** What the guard of every statement says. */
const reaches = ({ reach }: Pick<Actor, "reach">, place: { workspaceId: string; projectId: string }) =>
  (reach.workspaceIds?.includes(place.workspaceId) ?? true) && (reach.projectIds?.includes(place.projectId) ?? true);

/** What a grant says. */
const covers = (grant: Grant, place: { workspaceId: string; projectId: string }) =>
  (grant.workspaceId ?? place.workspaceId) === place.workspaceId &&
  (grant.projectId ?? place.projectId) === place.projectId;

const permissions = fc.uniqueArray(fc.constantFrom(...PERMISSIONS.slice(0, 5)));
const anyGrant = fc.oneof(
  { weight: 1, arbitrary: permissions.map((all) => ({ workspaceId: null, projectId: null, permissions: some(all) })) },
  { weight: 6, arbitrary: fc.tuple(fc.constantFrom(...WORKSPACES), permissions).map(([id, all]) => whole(id, all)) },
  {
    weight: 6,
    arbitrary: fc.tuple(fc.constantFrom(...PLACES), permissions).map(([p, all]) => single(p.projectId, all)),
  },
);
const grants = fc.array(anyGrant, { maxLength: 6 });
const permission = fc.constantFrom(...PERMISSIONS.slice(0, 6));
const breadth = fc.constantFrom("PROJECT", "WORKSPACE", "INSTALLATION");

describe("an actor with several roles", () => {
  it("reaches, with a permission, exactly the places where it was granted that, and so for what else it keeps", () => {
    fc.assert(
      fc.property(grants, permission, (given, asked) => {
        const narrowed = actingWith(person(...given), asked);
        const carrying = given.filter((grant) => grant.permissions.has(asked));
        expect(narrowed.permissions.has(asked)).toBe(carrying.length > 0);
        for (const place of PLACES) {
          expect(reaches(narrowed, place)).toBe(carrying.some((grant) => covers(grant, place)));
          for (const kept of reaches(narrowed, place) ? narrowed.permissions : [])
            expect(given.some((grant) => grant.permissions.has(kept) && covers(grant, place))).toBe(true);
        }
      }),
    );
  });

  it("never reaches further than all of its roles together, however often it is narrowed", () => {
    fc.assert(
      fc.property(grants, fc.array(fc.tuple(permission, breadth), { maxLength: 3 }), (given, steps) => {
        const all = person(...given);
        let actor = all;
        for (const [asked, wide] of steps) {
          const before = actor;
          actor = actingWith(before, asked, wide);
          for (const place of PLACES) expect(reaches(actor, place) && !reaches(before, place)).toBe(false);
          for (const kept of actor.permissions) expect(all.permissions.has(kept)).toBe(true);
        }
        for (const place of PLACES) expect(reaches(all, place)).toBe(given.some((grant) => covers(grant, place)));
      }),
    );
  });

  it("may do what it asks about in the places that it reaches with that", () => {
    fc.assert(
      fc.property(grants, permission, fc.constantFrom(...PLACES), (given, asked, place) => {
        const actor = person(...given);
        const granted = given.filter((grant) => grant.permissions.has(asked));
        const { workspaceId, projectId } = place;
        expect(mayIn(actor, asked, workspaceId, projectId)).toBe(granted.some((grant) => covers(grant, place)));
        const wide = granted.filter((grant) => grant.projectId === null);
        expect(mayIn(actor, asked, workspaceId, null)).toBe(wide.some((grant) => covers(grant, place)));
      }),
    );
  });

  it("reaches what belongs to a whole workspace beside the project of another", () => {
    const actor = person(whole("a", ["project.create", "agent.read"]), single("b1", ["project.create", "agent.read"]));
    expect(actor.reach).toEqual({ workspaceIds: ["a", "b"], projectIds: ["a1", "a2", "a3", "b1"] });
    expect(actingWith(actor, "project.create", "WORKSPACE").reach).toEqual(within("a", null));
    expect(actingWith(actor, "project.create", "INSTALLATION").permissions.size).toBe(0);
  });

  it("is not limited to projects by a role in a project of a workspace that it has as a whole", () => {
    expect(person(whole("a", ["agent.read"]), single("a1", ["agent.read"])).reach).toEqual(within("a", null));
  });

  it("reaches nothing without a role", () => {
    expect(person().reach).toEqual({ workspaceIds: [], projectIds: [] });
  });
});

it("leaves an actor with one reach as it is", () => {
  const actor: Actor = { kind: "API_KEY", id: "k", name: "k", reach: everywhere, permissions: some(["agent.read"]) };
  const caller = { actor, correlationId: null, origin: null };
  expect(actingWith(actor, "task.read")).toBe(actor);
  expect(withPermission(caller, "task.read")).toBe(caller);
  expect(mayIn(actor, "agent.read", "a", null)).toBe(true);
  expect(mayIn(actor, "task.read", "a", "a1")).toBe(false);
});
