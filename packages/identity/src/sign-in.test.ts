import { type Database, openDatabase } from "@muster/database/database.ts";
import { statement } from "@muster/database/statement.ts";
import { createTestDatabase, type TestDatabase } from "@muster/database/test-database.ts";
import { formatApiKey, parseApiKey } from "@muster/domain/api-key.ts";
import type { Runtime } from "@muster/operations/runtime.ts";
import { DEFAULT_SETTINGS } from "@muster/operations/settings.ts";
import { createHash, randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { authenticate } from "./authenticate.ts";
import { authenticateSession } from "./authenticate-session.ts";
import { ensureBootstrapKey } from "./bootstrap-key.ts";
import { createSignInLink } from "./links/create-sign-in-link.ts";
import { newAdminKey } from "./new-admin-key.ts";
import { NO_ORIGIN } from "./sessions/session-start.ts";
import { signOut } from "./sessions/sign-out.ts";
import { signInByKey as startByKey, signInByLink as startByLink } from "./sign-in.ts";
import { SignInRefused } from "./sign-in-refused.ts";
import { newToken } from "./token.ts";

let place: TestDatabase;
let database: Database;
/** Another process, as far as caches go. */
let elsewhere: Database;

const execute = <Row>(text: string, ...values: unknown[]) => database.run(statement<Row>(text), values);
const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

beforeAll(async () => {
  place = await createTestDatabase();
  database = openDatabase({ url: place.url });
  elsewhere = openDatabase({ url: place.url });
});
afterAll(async () => {
  await database.close();
  await elsewhere.close();
  await place.drop();
});

const runtimeOf = (on: Database): Runtime => ({ database: on, settings: DEFAULT_SETTINGS, committed: () => {} });
const signInByLink = (on: Database, token: string) => startByLink(runtimeOf(on), token, NO_ORIGIN);
const signInByKey = (on: Database, key: string) => startByKey(runtimeOf(on), key, NO_ORIGIN);
const endSession = (on: Database, token: string) =>
  signOut(runtimeOf(on), token, { correlationId: null, address: null });
/** What tells the same actor from others, whatever it shows. */
const actorOf = async (found: ReturnType<typeof authenticate>) => (await found)?.actor;

async function storedKey(): Promise<string> {
  const key = newAdminKey();
  await ensureBootstrapKey(database, key);
  return key;
}

async function link(key: string): Promise<string> {
  const created = await createSignInLink(database, key);
  if (!created) throw new Error("no link");
  return created.token;
}

const revoke = (key: string) =>
  execute("update api_keys set revoked_at = clock_timestamp() where id = $1", parseApiKey(key)?.id);

/** The code with which a sign-in is refused. */
async function refusal(signIn: Promise<unknown>): Promise<string> {
  const error = await signIn.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(SignInRefused);
  return (error as SignInRefused).code;
}

describe("a sign-in link", () => {
  it("signs in once as the actor of its key, within the hour", async () => {
    const key = await storedKey();
    const created = await createSignInLink(database, key);
    expect(created?.token).toMatch(/^[\w-]{43}$/);
    expect(Math.abs((created?.expiresAt.getTime() ?? 0) - Date.now() - 3_600_000)).toBeLessThan(60_000);
    const session = await signInByLink(database, created?.token ?? "");
    expect(Math.abs(session.expiresAt.getTime() - Date.now() - 30 * 86_400_000)).toBeLessThan(60_000);
    expect(await actorOf(authenticateSession(database, session.token))).toEqual(
      await actorOf(authenticate(database, key)),
    );
    expect(await refusal(signInByLink(database, created?.token ?? ""))).toBe("LINK_USED");
  });

  it("gives one session to 20 that use it at once", async () => {
    const token = await link(await storedKey());
    const outcomes = await Promise.allSettled(
      Array.from({ length: 20 }, (_, index) => signInByLink(index % 2 === 0 ? database : elsewhere, token)),
    );
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    for (const outcome of outcomes) {
      if (outcome.status === "rejected") expect((outcome.reason as SignInRefused).code).toBe("LINK_USED");
    }
  });

  it("is refused when it has expired, is unknown, or its key was revoked", async () => {
    const key = await storedKey();
    const expired = await link(key);
    await execute("update sign_in_links set expires_at = clock_timestamp() where hash = $1", sha256(expired));
    expect(await refusal(signInByLink(database, expired))).toBe("LINK_EXPIRED");
    for (const unknown of [newToken(), "", "x", "\0", "\ud800", `${expired}=`, expired.slice(1)]) {
      expect(await refusal(signInByLink(database, unknown))).toBe("LINK_UNKNOWN");
    }
    const revoked = await link(key);
    await revoke(key);
    expect(await refusal(signInByLink(database, revoked))).toBe("LINK_REVOKED");
    expect(await createSignInLink(database, key)).toBeNull();
  });

  it("is made for the very key that asks", async () => {
    const key = await storedKey();
    for (const other of [newAdminKey(), "", key.slice(0, -1)])
      expect(await createSignInLink(database, other)).toBeNull();
    await execute("update api_keys set hash = $1 where id = $2", sha256("another"), parseApiKey(key)?.id);
    expect(await createSignInLink(database, key)).toBeNull();
  });

  it("is stored as a hash, like the session", async () => {
    const token = await link(await storedKey());
    const session = await signInByLink(database, token);
    const rows = await execute<{ text: string }>(
      "select l::text as text from sign_in_links l union all select s::text from sessions s",
    );
    const stored = rows.map(({ text }) => text).join("\n");
    expect(stored).toContain(sha256(token));
    expect(stored).toContain(sha256(session.token));
    expect(stored).not.toContain(token);
    expect(stored).not.toContain(session.token);
  });
});

describe("signing in with a key", () => {
  it("starts a session for it, and refuses what is no key that works", async () => {
    const key = await storedKey();
    const { token } = await signInByKey(database, key);
    expect(await actorOf(authenticateSession(database, token))).toEqual(await actorOf(authenticate(database, key)));
    const otherSecret = formatApiKey("admin", parseApiKey(key)?.id ?? "", randomBytes(32));
    expect(await refusal(signInByKey(database, otherSecret))).toBe("KEY_REFUSED");
    await revoke(key);
    for (const wrong of [key, newAdminKey(), "", "letmein", "\0"]) {
      expect(await refusal(signInByKey(database, wrong))).toBe("KEY_REFUSED");
    }
  });
});

it("writes refusals of links and keys to the log, and no more of one address than it may try", async () => {
  const address = "203.0.113.5";
  const origin = { ...NO_ORIGIN, address };
  const key = await storedKey();
  const token = await link(key);
  await signInByLink(database, token);
  for (let at = 0; at < 15; at++) await refusal(startByLink(runtimeOf(database), token, origin));
  await refusal(
    startByKey(runtimeOf(database), formatApiKey("admin", parseApiKey(key)?.id ?? "", randomBytes(32)), origin),
  );
  for (let at = 0; at < 10; at++) await refusal(startByKey(runtimeOf(database), newAdminKey(), origin));
  const events = await execute<{ type: string; subject: string; code: string; known: boolean }>(
    `select type, subject_id as subject, payload ->> 'code' as code, (payload ->> 'known')::boolean as known from events
     where address = $1::inet order by id`,
    address,
  );
  expect(events).toHaveLength(20);
  const ofKey = { type: "api_key.sign_in_refused", subject: parseApiKey(key)?.id, known: true };
  expect(events[0]).toEqual({ ...ofKey, code: "LINK_USED" });
  expect(events[15]).toEqual({ ...ofKey, code: "KEY_REFUSED" });
  expect(events[16]).toMatchObject({ type: "user.sign_in_refused", known: false });
  expect(JSON.stringify(events)).not.toContain(token);
});

describe("a session", () => {
  it("is over at once where it was ended, and elsewhere within a second", async () => {
    const { token } = await signInByKey(database, await storedKey());
    expect(await authenticateSession(database, token)).not.toBeNull();
    expect(await authenticateSession(elsewhere, token)).not.toBeNull();
    await endSession(database, token);
    expect(await authenticateSession(database, token)).toBeNull();
    await expect.poll(() => authenticateSession(elsewhere, token), { timeout: 1_500 }).toBeNull();
    await endSession(database, token);
    await endSession(database, "none");
  });

  it("is over when its key is revoked", async () => {
    const key = await storedKey();
    const { token } = await signInByKey(database, key);
    expect(await authenticateSession(database, token)).not.toBeNull();
    await revoke(key);
    await expect.poll(() => authenticateSession(database, token), { timeout: 1_500 }).toBeNull();
  });

  it("is over when it has expired", async () => {
    const { token } = await signInByKey(database, await storedKey());
    await execute("update sessions set expires_at = clock_timestamp() where hash = $1", sha256(token));
    expect(await authenticateSession(database, token)).toBeNull();
  });

  it("is no other token, and not the hash that is stored", async () => {
    const { token } = await signInByKey(database, await storedKey());
    for (const other of [newToken(), sha256(token), token.toLowerCase(), "", "\0"]) {
      expect(await authenticateSession(database, other)).toBeNull();
    }
  });
});

it("looks nothing up for a text that is no token", async () => {
  const unused: Database = { ...database, run: () => Promise.reject(new Error("looked up")) };
  for (const text of ["", "x", "\0", "x".repeat(44), "x".repeat(1_000_000), `${newToken()}\n`]) {
    expect(await authenticateSession(unused, text)).toBeNull();
    await endSession(unused, text);
    expect(await refusal(signInByLink(unused, text))).toBe("LINK_UNKNOWN");
  }
});

describe("what has expired", () => {
  it("is removed, a hundred rows at a time, and links a day later", async () => {
    const key = await storedKey();
    const id = parseApiKey(key)?.id;
    const insert = (table: string, age: string) =>
      execute(
        `insert into ${table} (hash, api_key_id, expires_at)
         select '${age} ' || n, $1, clock_timestamp() - $2::interval from generate_series(1, 150) n`,
        id,
        age,
      );
    const left = async (table: string, age: string) => {
      const [row] = await execute<{ count: string }>(`select count(*) from ${table} where hash like $1`, `${age} %`);
      return Number(row?.count);
    };
    for (const age of ["1 hour", "2 days"]) await insert("sign_in_links", age);
    await insert("sessions", "1 hour");
    const first = await link(key);
    expect([await left("sign_in_links", "2 days"), await left("sign_in_links", "1 hour")]).toEqual([50, 150]);
    await link(key);
    expect([await left("sign_in_links", "2 days"), await left("sign_in_links", "1 hour")]).toEqual([0, 150]);
    await signInByLink(database, first);
    expect(await left("sessions", "1 hour")).toBe(50);
    await signInByKey(database, key);
    expect(await left("sessions", "1 hour")).toBe(0);
  });
});
