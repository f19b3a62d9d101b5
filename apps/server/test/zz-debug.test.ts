import { it } from "vitest";
import { startTestServer } from "./harness.ts";
import { post } from "./browser.ts";
it("x", async () => {
  const server = await startTestServer();
  const r = await Promise.all(Array.from({ length: 10 }, async (_, at) => (await post(`${server.url}/auth/sign-in`, { email: "a@example.org", password: `wrong ${at}` })).text()));
  console.log(r.join("\n"));
  await server.stop();
}, 30_000);
