import { openSecret } from "@muster/database/sealed-secret.ts";
import { Forbidden, InvalidInput, LimitExceeded, NotFound } from "@muster/domain/errors.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ROLE_PERMISSIONS } from "@muster/domain/roles.ts";
import { callerIn, createKeyFixture, type KeyFixture } from "../test/key-fixture.ts";
import { addPerson, PASSWORD, signedIn, withAuthenticator } from "../test/people.ts";
import { authenticateSession } from "./authenticate-session.ts";
import { changePassword } from "./passwords/change-password.ts";
import { disableUser } from "./people/disable-user.ts";
import { updateProfile } from "./people/update-profile.ts";
import { getUsers } from "./people/user-queries.ts";
import { endOtherSessions } from "./sessions/end-other-sessions.ts";
import { endSession } from "./sessions/end-session.ts";
import { getSessions, listSessions } from "./sessions/session-queries.ts";
import { confirmTotp } from "./totp/confirm-totp.ts";
import { disableTotp } from "./totp/disable-totp.ts";
import { regenerateRecoveryCodes } from "./totp/regenerate-recovery-codes.ts";
import { startTotp } from "./totp/start-totp.ts";

let fixture: KeyFixture;
beforeAll(async () => {
  fixture = await createKeyFixture();
});
afterAll(() => fixture.close());

const NEW_PASSWORD = "seven purple ducks";
const isOpen = async ({ token }: { token: string }) =>
  (await authenticateSession(fixture.database, token, "FRESH")) !== null;
const typesOf = async (id: string) => (await fixture.eventsOf(id)).map(({ type }) => type);

describe("a password", () => {
  it("is changed by whoever knows it; other sessions and links end, this one stays", async () => {
    const { runtime } = fixture;
    const { userId } = await addPerson(fixture, { password: PASSWORD });
    const [here, there] = [await signedIn(fixture, userId), await signedIn(fixture, userId)];
    const change = (currentPassword: string | null, newPassword = NEW_PASSWORD) =>
      changePassword(runtime, here, { currentPassword, newPassword });
    await expect(change(null)).rejects.toThrow(/currentPassword: is needed/);
    await expect(change("wrong")).rejects.toThrow(/currentPassword: is not right/);
    await expect(change(PASSWORD, "short")).rejects.toThrow(/newPassword: must have/);
    await expect(change(PASSWORD, PASSWORD)).rejects.toThrow(/have already/);
    expect(await change(PASSWORD)).toMatchObject({ id: userId, version: 2, hasPassword: true });
    expect([await isOpen(here), await isOpen(there)]).toEqual([true, false]);
    expect(await typesOf(userId)).toContain("user.password_changed");
    expect(await fixture.eventsOf(there.sessionId)).toMatchObject([
      { type: "session.ended", actorName: "Ada", payload: { why: "PASSWORD_CHANGED", userId } },
    ]);
    const stored = JSON.stringify(await fixture.execute("select payload, reason from events"));
    for (const secret of [PASSWORD, NEW_PASSWORD, "argon2"]) expect(stored).not.toContain(secret);
  });

  it("is set by a session alone where there was none, and guesses are counted as sign-ins are", async () => {
    const { runtime } = fixture;
    const { userId } = await addPerson(fixture);
    const caller = await signedIn(fixture, userId);
    expect(await changePassword(runtime, caller, { newPassword: NEW_PASSWORD })).toMatchObject({ hasPassword: true });
    const guess = () =>
      changePassword(runtime, caller, { currentPassword: "guess", newPassword: "eight purple ducks" });
    for (let at = 0; at < 5; at++) await expect(guess()).rejects.toThrow(InvalidInput);
    await expect(guess()).rejects.toThrow(LimitExceeded);
  });
});

describe("an authenticator", () => {
  it("counts once a code has shown that it works; its secret is sealed for the person", async () => {
    const { runtime } = fixture;
    const { userId } = await addPerson(fixture, { password: PASSWORD });
    const caller = await signedIn(fixture, userId);
    await expect(confirmTotp(runtime, caller, { code: "123456" })).rejects.toThrow(/startTotp/);
    await expect(startTotp(runtime, caller, {})).rejects.toThrow(/password: is needed/);
    await expect(startTotp(runtime, caller, { password: "wrong" })).rejects.toThrow(/password: is not right/);
    const { secret, uri } = await startTotp(runtime, caller, { password: PASSWORD });
    expect(uri).toMatch(new RegExp(`^otpauth://totp/Muster:.+[?&]secret=${secret}`));
    await expect(confirmTotp(runtime, caller, { code: "000000" })).rejects.toThrow(/code: is not right/);
    expect((await getUsers(runtime, caller, [userId]))[0]).toMatchObject({ totpEnabled: false });
    const [row] = await fixture.execute<{ sealed: string }>(
      "select totp_secret as sealed from users where id = $1",
      userId,
    );
    expect(row?.sealed).toMatch(/^v1\./);
    const key = runtime.settings.encryptionKey;
    expect(key && openSecret(key, userId, row?.sealed ?? "")).toHaveLength(20);
    expect(() => key && openSecret(key, caller.sessionId, row?.sealed ?? "")).toThrow("unable to authenticate");
    await withAuthenticator(fixture, caller);
    await expect(startTotp(runtime, caller, { password: PASSWORD })).rejects.toThrow(/already/);
    expect(await typesOf(userId)).toEqual(expect.arrayContaining(["user.totp_started", "user.totp_enabled"]));
  });

  it("is turned off with a code or the password, and other sessions end", async () => {
    const { runtime } = fixture;
    const { userId } = await addPerson(fixture, { password: PASSWORD });
    const [here, there] = [await signedIn(fixture, userId), await signedIn(fixture, userId)];
    const authenticator = await withAuthenticator(fixture, here);
    await expect(disableTotp(runtime, here, {})).rejects.toThrow(InvalidInput);
    await expect(disableTotp(runtime, here, { code: "000000" })).rejects.toThrow(/code: is not right/);
    expect(await disableTotp(runtime, here, { code: authenticator.code() })).toMatchObject({ totpEnabled: false });
    expect([await isOpen(here), await isOpen(there)]).toEqual([true, false]);
    await expect(disableTotp(runtime, here, { password: PASSWORD })).rejects.toThrow(/no authenticator/);
    await withAuthenticator(fixture, here);
    expect(await disableTotp(runtime, here, { password: PASSWORD })).toMatchObject({ totpEnabled: false });
    expect(await fixture.execute("select from recovery_codes where user_id = $1", userId)).toEqual([]);
  });

  it("gets new recovery codes, and the old ones no longer work", async () => {
    const { runtime } = fixture;
    const { userId } = await addPerson(fixture, { password: PASSWORD });
    const caller = await signedIn(fixture, userId);
    await expect(regenerateRecoveryCodes(runtime, caller, { password: PASSWORD })).rejects.toThrow(/no authenticator/);
    const { recoveryCodes } = await withAuthenticator(fixture, caller);
    const fresh = await regenerateRecoveryCodes(runtime, caller, { code: recoveryCodes[0] });
    const [first] = fresh.recoveryCodes;
    await expect(disableTotp(runtime, caller, { code: recoveryCodes[1] })).rejects.toThrow(InvalidInput);
    const stored = JSON.stringify(
      await fixture.execute("select c::text from recovery_codes c union all select e::text from events e"),
    );
    for (const code of [...recoveryCodes, ...fresh.recoveryCodes]) expect(stored).not.toContain(code);
    expect(await disableTotp(runtime, caller, { code: first })).toMatchObject({ totpEnabled: false });
  });
});

describe("a profile", () => {
  it("has a name that one changes oneself, and an address that only those change who manage people", async () => {
    const { runtime } = fixture;
    const { userId, email } = await addPerson(fixture);
    const caller = await signedIn(fixture, userId);
    expect(await updateProfile(runtime, caller, { name: "Ada Byron" })).toMatchObject({
      name: "Ada Byron",
      email,
      version: 2,
    });
    expect(await updateProfile(runtime, caller, { name: "Ada Byron", email })).toMatchObject({ version: 2 });
    expect((await fixture.eventsOf(userId)).at(-1)).toMatchObject({
      type: "user.updated",
      payload: { before: { name: "Ada", email }, after: { name: "Ada Byron", email } },
    });
    await expect(updateProfile(runtime, caller, { email: "victim@example.org" })).rejects.toThrow(Forbidden);
    const admin = await addPerson(fixture, { roles: [{ role: "ADMIN" }] });
    const manager = await signedIn(fixture, admin.userId);
    expect(await updateProfile(runtime, manager, { email: "first@example.org" })).toMatchObject({
      email: "first@example.org",
    });
    await expect(updateProfile(runtime, manager, { email: email.toUpperCase() })).rejects.toThrow(/somebody else's/);
  });

  it("is nobody's who is a program, or has but a token", async () => {
    const { runtime, admin } = fixture;
    const program = { ...admin, actor: { ...admin.actor, kind: "API_KEY" } } as const;
    await expect(changePassword(runtime, program, { newPassword: NEW_PASSWORD })).rejects.toThrow(/Only people/);
    const { userId } = await addPerson(fixture);
    const caller = await signedIn(fixture, userId);
    const token = { ...caller, origin: { credentialId: caller.sessionId, address: null, isToken: true } } as const;
    for (const attempt of [
      () => changePassword(runtime, token, { newPassword: NEW_PASSWORD }),
      () => startTotp(runtime, token, {}),
      () => updateProfile(runtime, token, { name: "x" }),
    ])
      await expect(attempt()).rejects.toThrow(/A token/);
  });
});

describe("sessions", () => {
  it("are seen and ended by their person and by those who manage people, and are missing for others", async () => {
    const { runtime, admin } = fixture;
    const [ada, bob] = [
      await addPerson(fixture),
      await addPerson(fixture, { roles: [{ role: "ADMIN", workspaceId: fixture.workspaceId }] }),
    ];
    const [here, there] = [await signedIn(fixture, ada.userId), await signedIn(fixture, ada.userId)];
    const other = await signedIn(fixture, bob.userId);
    const list = async (caller: typeof admin) =>
      (await listSessions(runtime, caller, [ada.userId], {})).get(ada.userId)?.edges.map(({ node }) => node.id);
    expect(await list(here)).toEqual([there.sessionId, here.sessionId]);
    expect(await list(admin)).toEqual([there.sessionId, here.sessionId]);
    expect(await list(other)).toEqual([]);
    const { actor } = callerIn(fixture.workspaceId, null, ROLE_PERMISSIONS.ADMIN);
    const program = { ...admin, actor: { ...actor, kind: "API_KEY" } } as const;
    expect(await list(program)).toEqual([]);
    expect(await getSessions(runtime, other, [here.sessionId, other.sessionId])).toMatchObject([
      { id: other.sessionId },
    ]);
    await expect(endSession(runtime, other, { sessionId: there.sessionId })).rejects.toThrow(NotFound);
    expect(await endSession(runtime, here, { sessionId: there.sessionId, reason: "lost" })).toMatchObject({
      id: there.sessionId,
    });
    expect([await isOpen(here), await isOpen(there)]).toEqual([true, false]);
    expect(await fixture.eventsOf(there.sessionId)).toMatchObject([
      { type: "session.ended", reason: "lost", actorName: "Ada" },
    ]);
    await expect(endSession(runtime, here, { sessionId: there.sessionId })).rejects.toThrow(NotFound);
    await endSession(runtime, admin, { sessionId: here.sessionId });
    expect(await isOpen(here)).toBe(false);
  });

  it("end all but one's own, and all of somebody who is kept out", async () => {
    const { runtime, admin } = fixture;
    const { userId } = await addPerson(fixture);
    const sessions = [
      await signedIn(fixture, userId),
      await signedIn(fixture, userId),
      await signedIn(fixture, userId),
    ];
    const [here] = sessions;
    if (!here) throw new Error("no session");
    expect(await endOtherSessions(runtime, here)).toBe(2);
    expect(await Promise.all(sessions.map(isOpen))).toEqual([true, false, false]);
    await disableUser(runtime, admin, { userId, reason: "left" });
    expect(await isOpen(here)).toBe(false);
    expect(await fixture.eventsOf(here.sessionId)).toMatchObject([
      { payload: { why: "USER_DISABLED" }, reason: "left" },
    ]);
    await expect(updateProfile(runtime, here, { name: "x" })).rejects.toThrow(NotFound);
  });

  it("end by themselves after 30 days, and after 7 without use", async () => {
    const { userId } = await addPerson(fixture);
    const session = await signedIn(fixture, userId);
    const [row] = await fixture.execute<{ days: number }>(
      "select extract(epoch from expires_at - created_at) / 86400 as days from sessions where id = $1",
      session.sessionId,
    );
    expect(Number(row?.days)).toBeCloseTo(30, 1);
    await fixture.execute(
      "update sessions set created_at = now() - interval '8 days', last_used_at = now() - interval '6 days' where id = $1",
      session.sessionId,
    );
    expect(await isOpen(session)).toBe(true);
    await fixture.execute(
      "update sessions set last_used_at = now() - interval '7 days' where id = $1",
      session.sessionId,
    );
    expect(await isOpen(session)).toBe(false);
    expect(await getSessions(fixture.runtime, fixture.admin, [session.sessionId])).toEqual([]);
  });
});
