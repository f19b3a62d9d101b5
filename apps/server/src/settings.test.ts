import { describe, expect, it } from "vitest";
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

  it.each([
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
