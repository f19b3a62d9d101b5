import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { readSettings, SettingsError } from "./settings.ts";

const DATABASE_URL = "postgres://localhost/muster";

describe("readSettings", () => {
  it("has a default for all but the database", () => {
    const settings = readSettings({ DATABASE_URL });
    expect(settings).toMatchObject({ port: 4000, host: "127.0.0.1", dataDir: ".muster", demo: false, supervise: true });
    expect(settings.operations.leaseMs).toBe(30_000);
  });

  it("takes the address of the console, and does without", () => {
    expect(readSettings({ DATABASE_URL }).consoleUpstream).toBeNull();
    const consoleUpstream = "http://127.0.0.1:4001";
    expect(readSettings({ DATABASE_URL, CONSOLE_UPSTREAM: consoleUpstream })).toMatchObject({ consoleUpstream });
  });

  it("takes the days that results are kept", () => {
    expect(readSettings({ DATABASE_URL }).operations.resultTtlMs).toBeNull();
    const { operations } = readSettings({ DATABASE_URL, MUSTER_TASK_RESULT_TTL_DAYS: "2" });
    expect(operations.resultTtlMs).toBe(172_800_000);
  });

  it("takes an empty variable as absent", () => {
    expect(readSettings({ DATABASE_URL, PORT: "", MUSTER_BOOTSTRAP_KEY: "" })).toMatchObject({
      port: 4000,
      bootstrapKey: null,
    });
  });

  it("reads the networks that webhooks may reach, and the key that seals their secrets", () => {
    const key = Buffer.alloc(32, 5);
    const read = readSettings({
      DATABASE_URL,
      MUSTER_WEBHOOK_ALLOWED_NETWORKS: "10.0.0.0/8, fd00::/8",
      MUSTER_ENCRYPTION_KEY: key.toString("base64"),
    });
    const { allowedNetworks } = read.operations.webhooks;
    expect([allowedNetworks.check("10.1.2.3"), allowedNetworks.check("11.1.2.3")]).toEqual([true, false]);
    expect(read.encryptionKey).toEqual(key);
    expect(readSettings({ DATABASE_URL }).operations.webhooks.allowedNetworks.rules).toEqual([]);
  });

  it("reads secrets from files, and the keys that sealed before", async () => {
    const folder = await mkdtemp(join(tmpdir(), "muster-settings-"));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const [newest, older, oldest] = [5, 6, 7].map((byte) => Buffer.alloc(32, byte));
    const fileOf = async (name: string, text: string) => {
      await writeFile(join(folder, name), text);
      return join(folder, name);
    };
    const settings = readSettings({
      DATABASE_URL_FILE: await fileOf("url", `${DATABASE_URL}\n`),
      MUSTER_ENCRYPTION_KEY_FILE: await fileOf("key", `${newest?.toString("base64")}\n`),
      MUSTER_PREVIOUS_ENCRYPTION_KEYS_FILE: await fileOf(
        "previous",
        `${older?.toString("base64")}\n${oldest?.toString("base64")}\n`,
      ),
      MUSTER_OIDC_ISSUER: "https://login.example.com",
      MUSTER_OIDC_CLIENT_ID: "muster",
      MUSTER_OIDC_CLIENT_SECRET_FILE: await fileOf("client", "very secret\n"),
    });
    expect(settings).toMatchObject({ databaseUrl: DATABASE_URL, encryptionKey: newest });
    expect(settings.previousEncryptionKeys).toEqual([older, oldest]);
    expect(settings.oidc?.clientSecret).toBe("very secret");
  });

  it.each([
    ["DATABASE_URL_FILE", { DATABASE_URL, DATABASE_URL_FILE: "/etc/hostname" }],
    ["MUSTER_ENCRYPTION_KEY_FILE", { DATABASE_URL, MUSTER_ENCRYPTION_KEY_FILE: "/nowhere/at/all" }],
    [
      "MUSTER_PREVIOUS_ENCRYPTION_KEYS",
      { DATABASE_URL, MUSTER_PREVIOUS_ENCRYPTION_KEYS: `${Buffer.alloc(32).toString("base64")} short` },
    ],
    ["MUSTER_ENV", { DATABASE_URL, MUSTER_ENV: "prod" }],
    ["MUSTER_PUBLIC_URL", { DATABASE_URL, MUSTER_PUBLIC_URL: "https://muster.example.com/console" }],
    ["MUSTER_TRUSTED_PROXIES", { DATABASE_URL, MUSTER_TRUSTED_PROXIES: "the proxy" }],
    ["MUSTER_TLS_KEY_FILE", { DATABASE_URL, MUSTER_TLS_CERT_FILE: "/certificate" }],
    ["MUSTER_TLS_CERT_FILE", { DATABASE_URL, MUSTER_TLS_CLIENT_CA_FILE: "/authority" }],
    ["MUSTER_OIDC_CLIENT_ID", { DATABASE_URL, MUSTER_OIDC_ISSUER: "https://login.example.com" }],
    ["MUSTER_OIDC_DEFAULT_ROLE", { DATABASE_URL, MUSTER_OIDC_DEFAULT_ROLE: "OWNER" }],
    ["DATABASE_URL", { DATABASE_URL: "mysql://localhost" }],
    ["PORT", { DATABASE_URL, PORT: "eighty" }],
    ["PORT", { DATABASE_URL, PORT: "70000" }],
    ["CONSOLE_UPSTREAM", { DATABASE_URL, CONSOLE_UPSTREAM: "https://127.0.0.1:1" }],
    ["CONSOLE_UPSTREAM", { DATABASE_URL, CONSOLE_UPSTREAM: "127.0.0.1:4001" }],
    ["CONSOLE_UPSTREAM", { DATABASE_URL, CONSOLE_UPSTREAM: "http://127.0.0.1:4001/console" }],
    ["CONSOLE_UPSTREAM", { DATABASE_URL, CONSOLE_UPSTREAM: "http://me@127.0.0.1:4001" }],
    ["MUSTER_LOG_LEVEL", { DATABASE_URL, MUSTER_LOG_LEVEL: "loud" }],
    ["MUSTER_LEASE_MS", { DATABASE_URL, MUSTER_LEASE_MS: "-5" }],
    ["MUSTER_TASK_RESULT_TTL_DAYS", { DATABASE_URL, MUSTER_TASK_RESULT_TTL_DAYS: "4000" }],
    ["MUSTER_EVENT_RETENTION_DAYS", { DATABASE_URL, MUSTER_EVENT_RETENTION_DAYS: "0" }],
    ["MUSTER_ENCRYPTION_KEY", { DATABASE_URL, MUSTER_ENCRYPTION_KEY: "c2hvcnQ=" }],
    ["MUSTER_WEBHOOK_ALLOWED_NETWORKS", { DATABASE_URL, MUSTER_WEBHOOK_ALLOWED_NETWORKS: "10.0.0.0/8 intranet" }],
    ["DATABASE_URL", {}],
  ])("names %s when it is not valid", (name, environment) => {
    expect(() => readSettings(environment)).toThrow(SettingsError);
    expect(() => readSettings(environment)).toThrow(name);
  });
});
