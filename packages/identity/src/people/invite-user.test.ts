import { Conflict, Forbidden, InvalidInput, NotFound } from "@muster/domain/errors.ts";
import { ROLE_PERMISSIONS } from "@muster/domain/roles.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { callerIn, callerOf, createKeyFixture, type KeyFixture } from "../../test/key-fixture.ts";
import { addPerson, PASSWORD, signedIn, withAuthenticator } from "../../test/people.ts";
import { authenticateSession } from "../authenticate-session.ts";
import { changeRole } from "../memberships/change-role.ts";
import { grantRole } from "../memberships/grant-role.ts";
import { setPasswordByLink } from "../passwords/set-password-by-link.ts";
import { NO_ORIGIN } from "../sessions/session-start.ts";
import { signInByLink } from "../sign-in.ts";
import { signInByPassword } from "../sign-in-by-password.ts";
import { disableUser } from "./disable-user.ts";
import { inviteUser, type InviteUserInput } from "./invite-user.ts";
import { createPasswordResetLink, resetTotp } from "./reset-sign-in.ts";

let fixture: KeyFixture;
beforeAll(async () => {
  fixture = await createKeyFixture();
});
afterAll(() => fixture.close());

const NEW_PASSWORD = "seven purple ducks";
let people = 0;
const address = () => `new${people++}@example.org`;
const workspaceAdmin = () => callerIn(fixture.workspaceId, null, ROLE_PERMISSIONS.ADMIN);
const invite = (input: Partial<InviteUserInput> = {}, caller = workspaceAdmin()) =>
  inviteUser(fixture.runtime, caller, { email: address(), workspaceId: fixture.workspaceId, role: "VIEWER", ...input });
const accept = (token: string | null, newPassword = NEW_PASSWORD, code?: string) =>
  setPasswordByLink(fixture.runtime, { link: token ?? "", newPassword, code }, NO_ORIGIN);
const code = (attempt: Promise<unknown>) =>
  attempt.then(
    () => "in",
    (error: { code?: string }) => error.code,
  );

describe("an invitation", () => {
  it("makes the person, gives the role, and is a link to a password", async () => {
    const { runtime, workspaceId } = fixture;
    const email = address();
    const { membership, token } = await invite({ email, name: "Grace" });
    expect(membership).toMatchObject({ workspaceId, projectId: null, role: "VIEWER" });
    expect((await fixture.eventsOf(membership.userId)).map(({ type, payload }) => [type, payload])).toEqual([
      ["user.created", { after: { email, name: "Grace" } }],
    ]);
    expect(await code(signInByLink(runtime, token ?? "", NO_ORIGIN))).toBe("LINK_SETS_PASSWORD");
    const session = await accept(token);
    const found = await authenticateSession(runtime.database, session.token);
    expect(found?.actor).toMatchObject({
      kind: "USER",
      name: "Grace",
      reach: { workspaceIds: [workspaceId], projectIds: null },
    });
    expect(await code(accept(token))).toBe("LINK_USED");
    expect(
      await code(signInByPassword(runtime, { email, password: NEW_PASSWORD }, { ...NO_ORIGIN, address: "::1" })),
    ).toBe("in");
    const types = (await fixture.eventsOf(membership.userId)).map(({ type }) => type);
    const expected =
      "user.created user.password_changed user.sign_in_refused user.sign_in_refused user.signed_in user.signed_in";
    expect(types.toSorted().join(" ")).toBe(expected);
  });

  it("of somebody who is there gives the role, and a link only while they have no way in", async () => {
    const email = address();
    const first = await invite({ email, projectId: fixture.projectId });
    const second = await invite({ email: email.toUpperCase() });
    expect(second.membership.userId).toBe(first.membership.userId);
    expect(await code(accept(first.token))).toBe("LINK_EXPIRED");
    await accept(second.token);
    const { token } = await invite({ email, workspaceId: fixture.other.workspaceId }, fixture.admin);
    expect(token).toBeNull();
    await expect(invite({ email })).rejects.toThrow(Conflict);
  });

  it("is no way into the account of somebody who may do more than whoever invites", async () => {
    const { other } = fixture;
    const { userId, email } = await addPerson(fixture, { roles: [{ role: "ADMIN" }] });
    expect((await invite({ email })).token).toBeNull();
    const peer = await addPerson(fixture, { roles: [{ role: "VIEWER", ...other }] });
    expect((await invite({ email: peer.email })).token).toBeNull();
    expect((await invite({ email, workspaceId: other.workspaceId }, fixture.admin)).token).not.toBeNull();
    expect(userId).toBeTruthy();
  });

  it("ends when somebody else gives the person more: whoever made it has seen its link", async () => {
    const { runtime, workspaceId, projectId, admin } = fixture;
    const granted = await invite();
    await grantRole(runtime, admin, { userId: granted.membership.userId, role: "ADMIN" });
    expect(await code(accept(granted.token))).toBe("LINK_EXPIRED");
    const raised = await invite();
    await changeRole(runtime, admin, { membershipId: raised.membership.id, role: "ADMIN" });
    expect(await code(accept(raised.token))).toBe("LINK_EXPIRED");
    const caller = await signedIn(
      fixture,
      (await addPerson(fixture, { roles: [{ role: "ADMIN", workspaceId }] })).userId,
    );
    const kept = await invite({}, caller);
    await grantRole(runtime, caller, { userId: kept.membership.userId, projectId, role: "VIEWER" });
    expect(await code(accept(kept.token))).toBe("in");
  });

  it("is not for those with less, for elsewhere, or for what cannot be; nothing is written then", async () => {
    const { workspaceId, projectId, other } = fixture;
    const count = () => fixture.execute("select from users");
    const before = (await count()).length;
    const developer = callerIn(workspaceId, null, ROLE_PERMISSIONS.DEVELOPER);
    await expect(invite({}, developer)).rejects.toThrow(Forbidden);
    const meek = callerIn(workspaceId, null, [...ROLE_PERMISSIONS.VIEWER, "member.manage"]);
    await expect(invite({ role: "ADMIN" }, meek)).rejects.toThrow(Forbidden);
    await expect(invite({ workspaceId: null })).rejects.toThrow(Forbidden);
    await expect(invite({}, callerIn(workspaceId, projectId, ROLE_PERMISSIONS.ADMIN))).rejects.toThrow(Forbidden);
    await expect(invite(other)).rejects.toThrow(NotFound);
    for (const email of ["", "nobody", "a@b", "a b@example.org", `${"x".repeat(250)}@example.org`, "a\0@example.org"])
      await expect(invite({ email })).rejects.toThrow(InvalidInput);
    expect((await count()).length).toBe(before);
  });

  it("lasts 7 days, and not beyond the account", async () => {
    const { runtime, admin } = fixture;
    const late = await invite();
    const [link] = await fixture.execute<{ days: number }>(
      "select extract(epoch from expires_at - created_at) / 86400 as days from sign_in_links where user_id = $1",
      late.membership.userId,
    );
    expect(Number(link?.days)).toBeCloseTo(7, 1);
    await fixture.execute("update sign_in_links set expires_at = now() where user_id = $1", late.membership.userId);
    expect(await code(accept(late.token))).toBe("LINK_EXPIRED");
    const gone = await invite();
    await disableUser(runtime, admin, { userId: gone.membership.userId, reason: "gone" });
    expect(await code(accept(gone.token))).toBe("LINK_EXPIRED");
    expect(await code(accept("nothing"))).toBe("LINK_UNKNOWN");
  });

  it("is used once when many use it at once, and not used up by a weak password", async () => {
    const { token } = await invite({ name: "Marvellous" });
    for (const weak of ["short", "password1234", "aaaaaaaaaaaaaa", "marvellous things"])
      expect(await code(accept(token, weak)), weak).toBe("INVALID_INPUT");
    const outcomes = await Promise.all(Array.from({ length: 5 }, () => code(accept(token))));
    expect(outcomes.toSorted()).toEqual([...Array(4).fill("LINK_USED"), "in"]);
  });
});

describe("a reset link", () => {
  it("sets the password anew, ends all sessions, and voids older links", async () => {
    const { runtime, admin, database } = fixture;
    const { userId, email } = await addPerson(fixture, { password: PASSWORD });
    const session = await signedIn(fixture, userId);
    const older = await createPasswordResetLink(runtime, admin, { userId });
    const newer = await createPasswordResetLink(runtime, admin, { userId });
    expect(await code(accept(older.token))).toBe("LINK_EXPIRED");
    await accept(newer.token);
    expect(await authenticateSession(database, session.token, "FRESH")).toBeNull();
    expect(await fixture.eventsOf(session.sessionId)).toMatchObject([
      { type: "session.ended", payload: { why: "PASSWORD_CHANGED" } },
    ]);
    const attempt = (password: string) =>
      code(signInByPassword(runtime, { email, password }, { ...NO_ORIGIN, address: "192.0.2.1" }));
    expect([await attempt(PASSWORD), await attempt(NEW_PASSWORD)]).toEqual(["CREDENTIALS_REFUSED", "in"]);
  });

  it("asks for the authenticator, which an admin can turn off when it is lost", async () => {
    const { runtime, admin } = fixture;
    const { userId } = await addPerson(fixture, { password: PASSWORD });
    const authenticator = await withAuthenticator(fixture, await signedIn(fixture, userId));
    const { token } = await createPasswordResetLink(runtime, admin, { userId });
    expect(await code(accept(token))).toBe("TOTP_REQUIRED");
    expect(await code(accept(token, NEW_PASSWORD, "000000"))).toBe("CODE_REFUSED");
    expect(await code(accept(token, NEW_PASSWORD, authenticator.code()))).toBe("in");
    expect(await resetTotp(runtime, admin, { userId, reason: "lost" })).toMatchObject({ totpEnabled: false });
    expect(await resetTotp(runtime, admin, { userId, reason: "lost" })).toMatchObject({ totpEnabled: false });
    expect(await fixture.execute("select from recovery_codes where user_id = $1", userId)).toEqual([]);
    const again = await createPasswordResetLink(runtime, admin, { userId });
    expect(await code(accept(again.token))).toBe("in");
  });

  it("is made by those who manage people, and not of those who may do more", async () => {
    const { runtime, admin } = fixture;
    const { userId } = await addPerson(fixture, { roles: [{ role: "ADMIN" }] });
    const other = await addPerson(fixture);
    await expect(createPasswordResetLink(runtime, workspaceAdmin(), { userId: other.userId })).rejects.toThrow(
      Forbidden,
    );
    const clerk = callerOf({ permissions: new Set(["user.manage"]) });
    await expect(createPasswordResetLink(runtime, clerk, { userId })).rejects.toThrow(Forbidden);
    await expect(resetTotp(runtime, clerk, { userId, reason: "x" })).rejects.toThrow(Forbidden);
    expect((await createPasswordResetLink(runtime, clerk, { userId: other.userId })).token).toMatch(/^[\w-]{43}$/);
    await disableUser(runtime, admin, { userId: other.userId, reason: "gone" });
    await expect(createPasswordResetLink(runtime, admin, { userId: other.userId })).rejects.toThrow(/disabled/);
  });
});
