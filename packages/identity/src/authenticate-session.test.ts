import { newId } from "@muster/operations/new-id.ts";
import { permissionsOf } from "./live-key.ts";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createKeyFixture, type KeyFixture } from "../test/key-fixture.ts";
import { authenticateSession } from "./authenticate-session.ts";
import { hashToken, newToken } from "./token.ts";

let fixture: KeyFixture;
beforeAll(async () => {
  fixture = await createKeyFixture();
});
afterAll(() => fixture.close());

type Membership = readonly [workspaceId: string | null, projectId: string | null, role: string];

/** A person with these roles, and the token of a session of theirs. */
async function signedIn(...memberships: readonly Membership[]) {
  const [userId, sessionId, token] = [crypto.randomUUID(), crypto.randomUUID(), newToken()];
  await fixture.execute("insert into users (id, name) values ($1, 'Ada')", userId);
  for (const [workspaceId, projectId, role] of memberships) {
    const values = [newId(), userId, workspaceId, projectId, role];
    await fixture.execute(
      "insert into memberships (id, user_id, workspace_id, project_id, role) values ($1, $2, $3, $4, $5)",
      ...values,
    );
  }
  await fixture.execute(
    "insert into sessions (id, hash, user_id, expires_at) values ($1, $2, $3, clock_timestamp() + interval '30 days')",
    sessionId,
    hashToken(token),
    userId,
  );
  return { userId, sessionId, token };
}

const find = (token: string) => authenticateSession(fixture.database, token, "FRESH");

it("acts as a person with the one role that they have, in its place", async () => {
  const { workspaceId } = fixture;
  const { userId, sessionId, token } = await signedIn([workspaceId, null, "OPERATOR"]);
  const found = await find(token);
  expect(found).toMatchObject({ credentialId: sessionId, standing: { ids: [sessionId, userId] }, brief: false });
  expect(found?.actor).toEqual({
    kind: "USER",
    id: userId,
    name: "Ada",
    reach: { workspaceIds: [workspaceId], projectIds: null },
    permissions: permissionsOf("OPERATOR"),
  });
});

it("keeps several roles apart, and knows the projects of a whole workspace beside single ones", async () => {
  const { workspaceId, projectId, other } = fixture;
  const { token } = await signedIn([workspaceId, null, "ADMIN"], [other.workspaceId, other.projectId, "VIEWER"]);
  const found = await find(token);
  expect(found?.actor.reach.workspaceIds).toEqual([workspaceId, other.workspaceId]);
  expect(new Set(found?.actor.reach.projectIds)).toEqual(new Set([projectId, other.projectId]));
  expect(found?.actor.grants?.map(({ permissions }) => permissions)).toEqual([
    permissionsOf("ADMIN"),
    permissionsOf("VIEWER"),
  ]);
  // A project that is made in the workspace comes into reach without an event about the person.
  expect(found?.brief).toBe(true);
});

it("lets somebody without a role do nothing, nowhere", async () => {
  const { actor } = (await find((await signedIn()).token)) ?? {};
  expect([actor?.permissions.size, actor?.reach]).toEqual([0, { workspaceIds: [], projectIds: [] }]);
});

it("ends with the person, the session, its time, and a week without use", async () => {
  const changes = [
    "update users set disabled_at = clock_timestamp() where id = $1::uuid and $2::uuid is not null",
    "update sessions set ended_at = clock_timestamp() where $1::uuid is not null and id = $2",
    "update sessions set expires_at = clock_timestamp() where $1::uuid is not null and id = $2",
    "update sessions set created_at = created_at - interval '8 days' where $1::uuid is not null and id = $2",
    "update sessions set last_used_at = clock_timestamp() - interval '8 days' where $1::uuid is not null and id = $2",
  ];
  for (const change of changes) {
    const { userId, sessionId, token } = await signedIn([null, null, "VIEWER"]);
    expect(await find(token)).not.toBeNull();
    await fixture.execute(change, userId, sessionId);
    expect(await find(token), change).toBeNull();
  }
});
