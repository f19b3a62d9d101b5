import { openDatabase } from "@muster/database/database.ts";
import { LimitExceeded } from "@muster/domain/errors.ts";
import type { Runtime } from "@muster/operations/runtime.ts";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { createKeyFixture, type KeyFixture } from "../test/key-fixture.ts";
import { addPerson, PASSWORD, signedIn, withAuthenticator } from "../test/people.ts";
import { authenticateSession } from "./authenticate-session.ts";
import { hashPassword, PASSWORD_COST } from "./passwords/password-hash.ts";
import { NO_ORIGIN, type SignInOrigin } from "./sessions/session-start.ts";
import { type PasswordSignIn, signInByPassword } from "./sign-in-by-password.ts";
import { SignInRefused } from "./sign-in-refused.ts";

let fixture: KeyFixture;
beforeAll(async () => {
  fixture = await createKeyFixture();
});
afterAll(() => fixture.close());

let addresses = 0;
/** Each from an address of its own, unless a test says otherwise. */
const from = (more: Partial<SignInOrigin> = {}): SignInOrigin => ({
  ...NO_ORIGIN,
  address: `198.51.${Math.floor(addresses / 250)}.${addresses++ % 250}`,
  ...more,
});
const signIn = (given: PasswordSignIn, origin = from(), runtime: Runtime = fixture.runtime) =>
  signInByPassword(runtime, given, origin);

/** What a sign-in came to: "in", the code it is refused with, or the limit it met. */
async function outcome(attempt: Promise<unknown>): Promise<string> {
  try {
    await attempt;
    return "in";
  } catch (error) {
    if (error instanceof LimitExceeded) return error.limit;
    if (error instanceof SignInRefused) return error.code;
    throw error;
  }
}

const events = (type: string, address: string | null) =>
  fixture.execute<{ payload: object; actorName: string; subject: string }>(
    `select payload, actor_name as "actorName", subject_id as subject from events where type = $1 and address = $2::inet order by id`,
    type,
    address,
  );

describe("a password", () => {
  it("signs in, with a new session each time, and the browser's old one ends", async () => {
    const { userId, email } = await addPerson(fixture, { password: PASSWORD });
    const origin = from({ correlationId: "c-1", userAgent: "Browser/1\0" });
    const first = await signIn({ email: email.toUpperCase(), password: PASSWORD }, origin);
    const found = await authenticateSession(fixture.database, first.token);
    expect(found).toMatchObject({ actor: { kind: "USER", id: userId, name: "Ada" }, credentialId: first.sessionId });
    expect(await events("user.signed_in", origin.address)).toEqual([
      { payload: { by: "PASSWORD", sessionId: first.sessionId }, actorName: "Ada", subject: userId },
    ]);
    const [stored] = await fixture.execute("select user_agent from sessions where id = $1", first.sessionId);
    expect(stored).toEqual({ user_agent: "Browser/1" });

    const again = await signIn({ email, password: PASSWORD }, from({ replaces: first.token }));
    expect(again.token).not.toBe(first.token);
    expect(await authenticateSession(fixture.database, first.token, "FRESH")).toBeNull();
    expect(await fixture.eventsOf(first.sessionId)).toMatchObject([
      { type: "session.ended", payload: { why: "REPLACED", userId } },
    ]);
  });

  it("counts as typed on any keyboard: composed or not", async () => {
    const { email } = await addPerson(fixture, { password: "schöne grüße café" });
    expect(await outcome(signIn({ email, password: "schöne grüße café".normalize("NFD") }))).toBe("in");
  });

  it("that is wrong is refused as an unknown address is, as nobody's password is, and a disabled person's", async () => {
    const { email, userId } = await addPerson(fixture, { password: PASSWORD });
    const nobodys = await addPerson(fixture);
    const disabled = await addPerson(fixture, { password: PASSWORD });
    await fixture.execute("update users set disabled_at = now() where id = $1", disabled.userId);
    const attempts: readonly [PasswordSignIn, string | null][] = [
      [{ email, password: "wrong horse battery" }, userId],
      [{ email: "nobody@example.org", password: PASSWORD }, null],
      [{ email: nobodys.email, password: "" }, nobodys.userId],
      [{ email: disabled.email, password: PASSWORD }, disabled.userId],
    ];
    for (const [given, subject] of attempts) {
      const origin = from();
      expect(await outcome(signIn(given, origin))).toBe("CREDENTIALS_REFUSED");
      const [event, ...others] = await events("user.sign_in_refused", origin.address);
      expect(event).toMatchObject({ payload: { code: "CREDENTIALS_REFUSED", known: subject !== null } });
      if (subject !== null) expect(event?.subject).toBe(subject);
      expect(others).toEqual([]);
      expect(JSON.stringify(event)).not.toContain(given.email);
    }
  });

  it("costs the same work whether there is such a person or not", async () => {
    const { email } = await addPerson(fixture, { password: PASSWORD });
    const time = async (given: PasswordSignIn) => {
      const started = performance.now();
      await outcome(signIn(given));
      return performance.now() - started;
    };
    const known: number[] = [];
    const unknown: number[] = [];
    for (let round = 0; round < 4; round++) {
      known.push(await time({ email, password: "wrong horse battery" }));
      unknown.push(await time({ email: `nobody${round}@example.org`, password: "wrong horse battery" }));
    }
    // Without the hash it would be a twentieth.
    expect(Math.min(...unknown)).toBeGreaterThan(Math.min(...known) / 3);
  });

  it("is hashed anew when its hash was cheaper than today's", async () => {
    const { userId, email } = await addPerson(fixture);
    const old = await hashPassword(PASSWORD, { ...PASSWORD_COST, memory: 8_192 });
    await fixture.execute("update users set password_hash = $2 where id = $1", userId, old);
    expect(await outcome(signIn({ email, password: PASSWORD }))).toBe("in");
    const [row] = await fixture.execute<{ hash: string }>(
      "select password_hash as hash from users where id = $1",
      userId,
    );
    expect(row?.hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(await outcome(signIn({ email, password: PASSWORD }))).toBe("in");
  });
});

describe("attempts", () => {
  it("on one account are counted exactly over connections and servers; a success begins anew", async () => {
    const { email, userId } = await addPerson(fixture, { password: PASSWORD });
    const elsewhere = openDatabase({ url: fixture.database.url });
    onTestFinished(() => elsewhere.close());
    const other = { ...fixture.runtime, database: elsewhere };
    const attempt = (at: number) =>
      outcome(signIn({ email, password: `wrong password ${at}` }, from(), at % 2 ? other : fixture.runtime));
    expect(await attempt(0)).toBe("CREDENTIALS_REFUSED");
    expect(await outcome(signIn({ email, password: PASSWORD }))).toBe("in");
    const outcomes = await Promise.all(Array.from({ length: 40 }, (_, at) => attempt(at)));
    expect(outcomes.filter((one) => one === "CREDENTIALS_REFUSED")).toHaveLength(5);
    expect(outcomes.filter((one) => one === "signIn.account")).toHaveLength(35);
    // The right one does not help either, and the log is not filled.
    expect(await outcome(signIn({ email, password: PASSWORD }))).toBe("signIn.account");
    const logged = (await fixture.eventsOf(userId)).filter(({ type }) => type === "user.sign_in_refused");
    const codes = logged.map(({ payload }) => payload["code"]).toSorted();
    expect(codes).toEqual([...Array(6).fill("CREDENTIALS_REFUSED"), "LIMIT_EXCEEDED"]);
    await fixture.execute("update attempt_limits set ends_at = now()");
    expect(await outcome(signIn({ email, password: PASSWORD }))).toBe("in");
  });

  it("from one address are counted exactly, whatever the accounts; an IPv6 network is one address", async () => {
    const run = async (address: (at: number) => string) => {
      const attempts = Array.from({ length: 50 }, (_, at) =>
        outcome(signIn({ email: `${address(0)}-${at}@example.org`, password: "x" }, from({ address: address(at) }))),
      );
      const outcomes = await Promise.all(attempts);
      return [
        outcomes.filter((one) => one === "CREDENTIALS_REFUSED").length,
        outcomes.filter((one) => one === "signIn.address").length,
      ];
    };
    expect(await run(() => "203.0.113.9")).toEqual([20, 30]);
    expect(await run((at) => `2001:db8:1:2::${(at + 1).toString(16)}`)).toEqual([20, 30]);
    expect(
      await outcome(signIn({ email: "other@example.org", password: "x" }, from({ address: "2001:db8:1:3::1" }))),
    ).toBe("CREDENTIALS_REFUSED");
  }, 20_000);

  it("say when to try again", async () => {
    const origin = from({ address: "203.0.113.77" });
    await fixture.execute(
      "insert into attempt_limits (key, count, ends_at) values ($1, 20, now() + interval '90 seconds')",
      "sign-in address 203.0.113.77",
    );
    const error = await signIn({ email: "a@example.org", password: "x" }, origin).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(LimitExceeded);
    expect((error as LimitExceeded).message).toContain("Try again in 2 minutes.");
    expect((error as LimitExceeded).retryAfterMs).toBeGreaterThan(85_000);
    expect((error as LimitExceeded).retryAfterMs).toBeLessThanOrEqual(90_000);
  });

  it("that are long over are removed by others", async () => {
    await fixture.execute(
      "insert into attempt_limits (key, count, ends_at) select 'old ' || n, 1, now() - interval '1 minute' from generate_series(1, 120) n",
    );
    for (let round = 0; round < 2; round++) await outcome(signIn({ email: "old@example.org", password: "x" }));
    expect(await fixture.execute("select from attempt_limits where key like 'old %'")).toEqual([]);
  });
});

describe("an authenticator", () => {
  const person = async () => {
    const { userId, email } = await addPerson(fixture, { password: PASSWORD });
    const authenticator = await withAuthenticator(fixture, await signedIn(fixture, userId));
    return { userId, email, ...authenticator };
  };

  it("is asked after the right password only", async () => {
    const { email, code } = await person();
    expect(await outcome(signIn({ email, password: "wrong", code: code() }))).toBe("CREDENTIALS_REFUSED");
    expect(await outcome(signIn({ email, password: PASSWORD }))).toBe("TOTP_REQUIRED");
    expect(await outcome(signIn({ email, password: PASSWORD, code: "000000" }))).toBe("CODE_REFUSED");
    expect(await outcome(signIn({ email, password: PASSWORD, code: code() }))).toBe("in");
  });

  it("is not asked of somebody who is kept out: the answer is that of a wrong password", async () => {
    const { userId, email, code } = await person();
    await fixture.execute("update users set disabled_at = now() where id = $1", userId);
    for (const more of [{}, { code: code() }])
      expect(await outcome(signIn({ email, password: PASSWORD, ...more }))).toBe("CREDENTIALS_REFUSED");
  });

  it("gives codes of which each signs in once, also when it is used many times at once", async () => {
    const { email, code } = await person();
    // All are tried: the account's own limit is not what this is about.
    const patient = {
      ...fixture.runtime,
      settings: { ...fixture.runtime.settings, signIn: { ...fixture.runtime.settings.signIn, attemptsPerAccount: 50 } },
    };
    const given = { email, password: PASSWORD, code: code() };
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => outcome(signIn(given, from(), patient))));
    expect(outcomes.toSorted()).toEqual([...Array(7).fill("CODE_REFUSED"), "in"]);
    expect(await outcome(signIn(given, from(), patient))).toBe("CODE_REFUSED");
  });

  it("may be a step ahead; a code of before the last one is not taken, nor one of two steps away", async () => {
    const { email, code } = await person();
    expect(await outcome(signIn({ email, password: PASSWORD, code: code(3) }))).toBe("CODE_REFUSED");
    expect(await outcome(signIn({ email, password: PASSWORD, code: code(1) }))).toBe("in");
    expect(await outcome(signIn({ email, password: PASSWORD, code: code(-1) }))).toBe("CODE_REFUSED");
    expect(await outcome(signIn({ email, password: PASSWORD, code: code() }))).toBe("CODE_REFUSED");
  });

  it("has recovery codes that stand in for it once each, however they are typed", async () => {
    const { email, recoveryCodes } = await person();
    const [first = "", second = ""] = recoveryCodes;
    expect(recoveryCodes).toHaveLength(10);
    const at = (code: string) => outcome(signIn({ email, password: PASSWORD, code }));
    expect((await Promise.all([at(first), at(first), at(first)])).toSorted()).toEqual([
      "CODE_REFUSED",
      "CODE_REFUSED",
      "in",
    ]);
    expect(await at(first)).toBe("CODE_REFUSED");
    expect(await at(second.replaceAll("-", " ").toUpperCase())).toBe("in");
  });
});
