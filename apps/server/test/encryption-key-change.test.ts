import { randomBytes } from "node:crypto";
import { openDatabase } from "@muster/database/database.ts";
import { openSecret, sealPrefix } from "@muster/database/sealed-secret.ts";
import { statement } from "@muster/database/statement.ts";
import { createTestDatabase } from "@muster/database/test-database.ts";
import { expect, it, onTestFinished } from "vitest";
import { createTenant, startServerOn } from "./harness.ts";

const sealedSecrets = statement<{ id: string; secret: string }>("select id, secret from webhooks");

it("a server that starts with a new key opens what the old one sealed, and seals it anew", async () => {
  const [older, newer] = [randomBytes(32), randomBytes(32)];
  const test = await createTestDatabase();
  const database = openDatabase({ url: test.url });
  onTestFinished(async () => {
    await database.close();
    await test.drop();
  });
  const start = (key: Buffer, previous: readonly Buffer[]) =>
    startServerOn(test.url, {
      MUSTER_ENCRYPTION_KEY: key.toString("base64"),
      MUSTER_PREVIOUS_ENCRYPTION_KEYS: previous.map((each) => each.toString("base64")).join(" "),
    });
  const first = await start(older, []);
  const { projectId } = await createTenant(first);
  const { data } = await first.ask<{ createWebhook: { secret: string } }>(
    `mutation ($input: CreateWebhookInput!) { createWebhook(input: $input) { ... on CreateWebhookSuccess { secret } } }`,
    { input: { projectId, name: "hook", url: "https://example.com/hook" } },
  );
  const secret = Buffer.from(data?.createWebhook.secret.replace("whsec_", "") ?? "", "base64");
  await first.stop();

  const second = await start(newer, [older]);
  onTestFinished(() => second.stop());
  const [row] = await database.run(sealedSecrets, []);
  expect(row?.secret.startsWith(sealPrefix(newer))).toBe(true);
  expect(openSecret(newer, row?.id ?? "", row?.secret ?? "")).toEqual(secret);
}, 60_000);
