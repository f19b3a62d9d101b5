import { InvalidInput, LimitExceeded } from "@muster/domain/errors.ts";
import { expect, it } from "vitest";
import { hashPassword, isOutdated, verifyPassword } from "./password-hash.ts";
import { refuseWeakPassword } from "./password-rules.ts";
import { withPasswordWork } from "./password-work.ts";

it("is stored as Argon2id with a salt of its own, and known again", async () => {
  const [one, two] = [await hashPassword("correct horse battery"), await hashPassword("correct horse battery")];
  expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
  expect(one).not.toBe(two);
  expect(await verifyPassword("correct horse battery", one)).toBe(true);
  expect(await verifyPassword("correct horse battery ", one)).toBe(false);
  expect(await verifyPassword("correct horse battery", null)).toBe(false);
  expect(isOutdated(one)).toBe(false);
  expect(isOutdated(one.replace("t=2", "t=1"))).toBe(true);
  await expect(verifyPassword("x", "plain")).rejects.toThrow("damaged");
});

it("is computed two at a time, in order, and not without end", async () => {
  let now = 0;
  let most = 0;
  const done: number[] = [];
  let release = () => {};
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  const work = (at: number) =>
    withPasswordWork(async () => {
      now += 1;
      most = Math.max(most, now);
      await gate;
      now -= 1;
      done.push(at);
    });
  const all = Array.from({ length: 66 }, (_, at) => work(at));
  await expect(work(66)).rejects.toThrow(LimitExceeded);
  release();
  await Promise.all(all);
  expect(most).toBe(2);
  expect(done).toEqual(Array.from({ length: 66 }, (_, at) => at));
  const failing = withPasswordWork(() => Promise.reject(new Error("failed")));
  await expect(failing).rejects.toThrow("failed");
  expect(await withPasswordWork(async () => "goes on")).toBe("goes on");
});

const ADA = { email: "byron@example.org", name: "Ada King" };

it.each([
  "short",
  "elevenchars",
  "x".repeat(201),
  "password1234",
  "Password!2026",
  "qwertyuiop123",
  "1qaz2wsx3edc",
  "123456789012",
  "111111111111",
  "abcabcabcabc",
  "passwordpassword",
  "byron is a poet",
  "hail ADA KING now",
  "adaking and others",
  "byron@example.org!",
])("is refused when it is easy to guess: %s", async (password) => {
  await expect(refuseWeakPassword(password, ADA)).rejects.toThrow(InvalidInput);
});

it.each([
  "correct horse battery",
  "twelve+chars",
  "ünïcödé wörds",
  "x7#kLm92!qPz",
  "密码密码密码甲乙丙丁戊己",
  "adagio for strings",
])("is taken otherwise: %s", async (password) => {
  await refuseWeakPassword(password, ADA);
});
