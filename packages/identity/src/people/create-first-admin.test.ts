import { openDatabase } from "@muster/database/database.ts";
import { PERMISSIONS } from "@muster/domain/permissions.ts";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createKeyFixture, type KeyFixture } from "../../test/key-fixture.ts";
import { addPerson } from "../../test/people.ts";
import { authenticateSession } from "../authenticate-session.ts";
import { ensureBootstrapKey } from "../bootstrap-key.ts";
import { createSignInLink } from "../links/create-sign-in-link.ts";
import { newAdminKey } from "../new-admin-key.ts";
import { NO_ORIGIN } from "../sessions/session-start.ts";
import { signInByLink } from "../sign-in.ts";
import { createFirstAdmin, FIRST_ADMIN_ID } from "./create-first-admin.ts";

let fixture: KeyFixture;
beforeEach(async () => {
  fixture = await createKeyFixture();
});
afterEach(() => fixture.close());

/** Whom a new link of an admin key signs in as. */
async function signsInAs() {
  const { runtime, database } = fixture;
  const key = newAdminKey();
  await ensureBootstrapKey(database, key);
  const link = await createSignInLink(database, key);
  const { token } = await signInByLink(runtime, link?.token ?? "", NO_ORIGIN);
  return (await authenticateSession(database, token))?.actor;
}

it("makes one person, however many servers start at once, and they may do everything", async () => {
  const { runtime, execute, eventsOf } = fixture;
  const elsewhere = openDatabase({ url: runtime.database.url, connections: 8 });
  const made = await Promise.all(
    Array.from({ length: 16 }, (_, at) => createFirstAdmin(at % 2 ? runtime : { ...runtime, database: elsewhere })),
  );
  await elsewhere.close();
  expect(made.filter(Boolean)).toHaveLength(1);
  expect(await execute("select name, email, password_hash from users")).toEqual([
    { name: "admin", email: null, password_hash: null },
  ]);
  expect(await execute("select role, workspace_id from memberships")).toEqual([{ role: "ADMIN", workspace_id: null }]);
  expect((await eventsOf(FIRST_ADMIN_ID)).map(({ type }) => type)).toEqual(["user.created"]);
  expect(await createFirstAdmin(runtime)).toBe(false);
  expect(await signsInAs()).toMatchObject({ kind: "USER", id: FIRST_ADMIN_ID, permissions: new Set(PERMISSIONS) });
});

it("makes nobody where there is somebody, and links of admin keys stand for the key then", async () => {
  await addPerson(fixture);
  expect(await createFirstAdmin(fixture.runtime)).toBe(false);
  expect(await signsInAs()).toMatchObject({ kind: "API_KEY", name: "bootstrap" });
});

it("is no way in for an admin who was disabled or is admin no more", async () => {
  const { runtime, execute } = fixture;
  await createFirstAdmin(runtime);
  await execute("update memberships set role = 'VIEWER'");
  expect(await signsInAs()).toMatchObject({ kind: "API_KEY" });
  await execute("update memberships set role = 'ADMIN'");
  await execute("update users set disabled_at = now()");
  expect(await signsInAs()).toMatchObject({ kind: "API_KEY" });
});
