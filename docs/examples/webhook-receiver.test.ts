import { spawn } from "node:child_process";
import { createHmac } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { expect, it, onTestFinished } from "vitest";
import { change } from "../../apps/server/test/change.ts";
import { createTenant, serverForTest } from "../../apps/server/test/harness.ts";
import { freePort } from "../../packages/database/src/embedded/free-port.ts";

const RECEIVER = fileURLToPath(new URL("webhook-receiver.mjs", import.meta.url));

it("is quoted whole in the documentation", async () => {
  const text = await readFile(new URL("../webhooks.md", import.meta.url), "utf8");
  expect(text).toContain(`\`\`\`js\n${await readFile(RECEIVER, "utf8")}\`\`\``);
});

it("takes what is signed with the secret, and nothing else", async () => {
  const server = await serverForTest({ MUSTER_WEBHOOK_ALLOWED_NETWORKS: "127.0.0.1" });
  const { projectId } = await createTenant(server);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/`;
  const input = { projectId, name: "documented", url };
  const { data, secret } = await change(server, "createWebhook", input, "secret data { id }");
  const receiver = spawn(process.execPath, [RECEIVER], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { PORT: String(port), WEBHOOK_SECRET: String(secret) },
  });
  onTestFinished(() => void receiver.kill());
  const lines: string[] = [];
  createInterface({ input: receiver.stdout }).on("line", (line) => lines.push(line));
  const test = async () => (await change(server, "testWebhook", { webhookId: data?.id }, "data { id state }")).data;
  await expect.poll(test, { timeout: 10_000 }).toMatchObject({ state: "SUCCEEDED" });
  await expect.poll(() => lines.join("\n")).toMatch(/^whd_\w+ muster.test/);

  const send = async (key: string, at: number) => {
    const [id, body] = ["whd_1", '{"type":"muster.test"}'];
    const signature = createHmac("sha256", Buffer.from(key, "base64")).update(`${id}.${at}.${body}`).digest("base64");
    const headers = { "webhook-id": id, "webhook-timestamp": String(at), "webhook-signature": `v1,${signature}` };
    return (await fetch(url, { method: "POST", body, headers })).status;
  };
  const now = Math.floor(Date.now() / 1000);
  const key = String(secret).slice("whsec_".length);
  expect(await send(key, now)).toBe(204);
  expect(await send(Buffer.alloc(32).toString("base64"), now)).toBe(401);
  expect(await send(key, now - 600)).toBe(401);
  expect((await fetch(url, { method: "POST", body: "{}" })).status).toBe(401);
});
