import type { Caller } from "@muster/domain/actor.ts";
import { unitedGrants } from "@muster/domain/actor.ts";
import type { Permission } from "@muster/domain/permissions.ts";
import { type Feed, openFeed } from "@muster/events/feed.ts";
import type { Frame } from "@muster/events/frame.ts";
import { newId } from "@muster/operations/new-id.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { callerIn, callerOf, createKeyFixture, type KeyFixture } from "../../test/key-fixture.ts";
import { addPerson, signedIn } from "../../test/people.ts";
import { createApiKey } from "../api-keys/create-api-key.ts";
import { grantRole } from "../memberships/grant-role.ts";
import { updateProfile } from "../people/update-profile.ts";
import type { AuditFilterInput } from "./audit-filter.ts";
import { followAccount, followInstallation, followWorkspace } from "./follow-places.ts";

let fixture: KeyFixture;
let feed: Feed;
/** Right before everything that happens here. */
let after: string;
/** Who does it, and to whom. */
let ada: Caller;
let grace: Caller;

beforeAll(async () => {
  fixture = await createKeyFixture();
  const url = fixture.database.url;
  feed = await openFeed({ url, onError: () => {} });
  const { runtime, workspaceId, projectId, other, execute } = fixture;
  const people = [await addPerson(fixture, { name: "Ada" }), await addPerson(fixture, { name: "Grace" })];
  const [first, second] = people.map(({ userId }) => userId) as [string, string];
  after = await feed.presentCursor();
  const make = (name: string, place: object) =>
    createApiKey(runtime, fixture.admin, { name, role: "VIEWER", ...place });
  await make("whole", { workspaceId });
  await make("inside", { workspaceId, projectId });
  await make("other", { workspaceId: other.workspaceId });
  await make("installation", {});
  await grantRole(runtime, fixture.admin, { userId: first, workspaceId, role: "ADMIN" });
  await grantRole(runtime, fixture.admin, { userId: second, workspaceId, projectId, role: "VIEWER" });
  await execute(
    `insert into events (workspace_id, project_id, type, subject_id, subject_version, actor_kind, actor_name, address, payload)
     values ($1, $2, 'project.updated', $2, 2, 'SYSTEM', 'test', '10.1.2.3', '{}'), ($1, null, 'workspace.updated', $1, 2, 'SYSTEM', 'test', null, '{}')`,
    workspaceId,
    projectId,
  );
  [ada, grace] = [await signedIn(fixture, first), await signedIn(fixture, second)];
  await updateProfile(runtime, ada, { name: "Ada L." });
});
afterAll(async () => {
  await feed.close();
  await fixture.close();
});

/** What a replay from before everything hears, in words. */
async function heardIn(following: AsyncIterable<Frame> | Promise<AsyncIterable<Frame>>): Promise<string[]> {
  const heard: string[] = [];
  for await (const frame of await following) {
    if (frame.kind === "Bookmark" && frame.caughtUp) break;
    if (frame.kind !== "EventDelivery") continue;
    const { type, payload } = frame.event;
    const { name } = payload as { name?: string };
    heard.push(name === undefined ? type : `${type} ${name}`);
  }
  return heard.toSorted();
}

const inWorkspace = (caller: Caller, filter: AuditFilterInput = {}) =>
  heardIn(followWorkspace(fixture.runtime, caller, feed, { workspaceId: fixture.workspaceId, filter, after }));
const inInstallation = async (caller: Caller, everywhere = false) =>
  heardIn(followInstallation(caller, feed, { everywhere, after }));
const within = (project: boolean, ...permissions: Permission[]) =>
  callerIn(fixture.workspaceId, project ? fixture.projectId : null, ["workspace.read", ...permissions]);

const KEYS = ["api_key.created inside", "api_key.created whole"];
const ROLES = ["membership.granted Ada", "membership.granted Grace"];

describe("a workspace", () => {
  it("is heard as its audit log by those who may read that", async () => {
    expect(await inWorkspace(within(false, "audit.read"))).toEqual([
      ...KEYS,
      ...ROLES,
      "project.updated",
      "workspace.updated",
    ]);
    expect(await inWorkspace(within(true, "audit.read"))).toEqual([
      "api_key.created inside",
      "membership.granted Grace",
      "project.updated",
    ]);
    expect(await inWorkspace(within(false, "audit.read"), { addresses: ["10.0.0.0/8"] })).toEqual(["project.updated"]);
  });

  it("is heard of roles and keys alone by those who may list these, where they may", async () => {
    expect(await inWorkspace(within(false, "member.read"))).toEqual(ROLES);
    expect(await inWorkspace(within(false, "key.read"))).toEqual(KEYS);
    expect(await inWorkspace(within(true, "key.read", "event.read"))).toEqual(["api_key.created inside"]);
    const grant = (projectId: string | null, ...permissions: Permission[]) => ({
      workspaceId: fixture.workspaceId,
      projectId,
      permissions: new Set(permissions),
    });
    const mixed = callerOf(
      unitedGrants([
        grant(null, "workspace.read", "key.read"),
        grant(fixture.projectId, "workspace.read", "member.read"),
      ]),
    );
    expect(await inWorkspace(mixed)).toEqual([...KEYS, "membership.granted Grace"]);
  });

  it("is heard by nobody else, and a foreign one answers as a missing one", async () => {
    await expect(inWorkspace(within(false, "user.manage"))).rejects.toThrow("audit.read");
    const stranger = callerIn(fixture.other.workspaceId, null, ["workspace.read", "audit.read"]);
    await expect(inWorkspace(stranger)).rejects.toThrow("no such workspace");
    const missing = { workspaceId: newId(), after };
    await expect(followWorkspace(fixture.runtime, stranger, feed, missing)).rejects.toThrow("no such workspace");
  });
});

describe("the installation", () => {
  const everywhere = (...permissions: Permission[]) => callerOf({ permissions: new Set(permissions) });

  it("is heard of what is outside of all workspaces, or of everything", async () => {
    const outside = await inInstallation(everywhere("audit.read"));
    expect(outside).toEqual(["api_key.created installation", "user.signed_in", "user.signed_in", "user.updated"]);
    expect(await inInstallation(everywhere("audit.read"), true)).toEqual(
      [...outside, ...KEYS, ...ROLES, "api_key.created other", "project.updated", "workspace.updated"].toSorted(),
    );
  });

  it("is heard of people or keys alone by those who manage these, and by nobody of a part of it", async () => {
    expect(await inInstallation(everywhere("user.manage"), true)).toEqual([
      ...ROLES,
      "user.signed_in",
      "user.signed_in",
      "user.updated",
    ]);
    expect(await inInstallation(everywhere("key.manage"))).toEqual(["api_key.created installation"]);
    await expect(inInstallation(everywhere("event.read", "key.read"))).rejects.toThrow("audit.read");
    await expect(inInstallation(within(false, "audit.read", "user.manage"), true)).rejects.toThrow("audit.read");
  });
});

describe("an account", () => {
  it("is heard by the person alone", async () => {
    expect(await heardIn(followAccount(ada, feed, after))).toEqual(["user.signed_in", "user.updated"]);
    expect(await heardIn(followAccount(grace, feed, after))).toEqual(["user.signed_in"]);
    const program = callerOf({ kind: "API_KEY", permissions: new Set(["audit.read"]) });
    expect(() => followAccount(program, feed, after)).toThrow("Only people");
  });
});
