import { createTestDatabase } from "@muster/database/test-database.ts";
import { expect, it, onTestFinished } from "vitest";
import { post, refusalOf } from "./browser.ts";
import { startServerProcess } from "./processes.ts";

it("a limit holds exactly over many connections to two server processes, and says when to try again", async () => {
  const database = await createTestDatabase();
  onTestFinished(() => database.drop());
  const start = () => startServerProcess(database.url, { MUSTER_SIGN_IN_ATTEMPTS_PER_ADDRESS: "30" });
  const servers = await Promise.all([start(), start()]);
  const attack = (email: (at: number) => string, times: number) =>
    Promise.all(
      Array.from({ length: times }, (_, at) =>
        post(`${servers[at % 2]?.url}/auth/sign-in`, { email: email(at), password: `wrong ${at}` }),
      ),
    );
  // One account: 5 are tried. They count for the address, too.
  const one = await attack(() => "ada@example.org", 25);
  expect(one.filter(({ status }) => status === 401)).toHaveLength(5);
  const refused = one.filter(({ status }) => status === 429);
  expect(refused).toHaveLength(20);
  expect(Number(refused[0]?.headers.get("retry-after"))).toBeGreaterThan(800);
  expect(await refusalOf(refused[0] ?? new Response())).toEqual({
    code: "LIMIT_EXCEEDED",
    message: "Too many attempts to sign in for this account. Try again in 15 minutes.",
  });
  // Many accounts: what is left of the address's 30 is tried.
  const many = await attack((at) => `p${at}@example.org`, 25);
  expect(many.filter(({ status }) => status === 401)).toHaveLength(5);
  expect(many.filter(({ status }) => status === 429)).toHaveLength(20);
}, 120_000);
