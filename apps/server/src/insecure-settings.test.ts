import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { insecureSettings, refuseInsecure } from "./insecure-settings.ts";
import { readSettings, SettingsError } from "./settings.ts";

/** What a careful operator sets. */
const GOOD = {
  DATABASE_URL: "postgres://muster@database.example.com/muster?sslmode=verify-full",
  MUSTER_ENV: "production",
  MUSTER_HOST: "0.0.0.0",
  MUSTER_TRUSTED_PROXIES: "10.0.0.7",
  MUSTER_INTROSPECTION: "0",
};
const KEY = randomBytes(32).toString("base64");

function judge(environment: Record<string, string>, hasKey = true) {
  const settings = readSettings(environment);
  // As if it came from a file.
  return insecureSettings(hasKey ? { ...settings, encryptionKey: Buffer.from(KEY, "base64") } : settings, environment);
}

it("finds nothing in the settings of a careful operator", () => {
  expect(judge(GOOD)).toEqual([]);
  expect(judge({ ...GOOD, MUSTER_TRUSTED_PROXIES: "", MUSTER_TLS_CERT_FILE: "/c", MUSTER_TLS_KEY_FILE: "/k" })).toEqual(
    [],
  );
  expect(judge({ ...GOOD, MUSTER_TRUSTED_PROXIES: "", MUSTER_HOST: "127.0.0.1" })).toEqual([]);
  expect(() => refuseInsecure(judge(GOOD))).not.toThrow();
});

describe("refuses", () => {
  it.each([
    ["MUSTER_HOST", { MUSTER_TRUSTED_PROXIES: "" }],
    ["MUSTER_HOST", { MUSTER_TRUSTED_PROXIES: "", MUSTER_HOST: "::" }],
    ["MUSTER_HOST", { MUSTER_TRUSTED_PROXIES: "", MUSTER_HOST: "muster.example.com" }],
    ["MUSTER_TRUSTED_PROXIES", { MUSTER_TRUSTED_PROXIES: "0.0.0.0/0" }],
    ["MUSTER_TRUSTED_PROXIES", { MUSTER_TRUSTED_PROXIES: "10.0.0.1,::/0" }],
    ["MUSTER_TRUSTED_PROXIES", { MUSTER_TRUSTED_PROXIES: "0.0.0.0/1,128.0.0.0/1" }],
    ["MUSTER_PUBLIC_URL", { MUSTER_PUBLIC_URL: "http://muster.example.com" }],
    ["DATABASE_URL", { DATABASE_URL: "postgres://muster@10.0.0.5/muster" }],
    ["DATABASE_URL", { DATABASE_URL: "postgres://muster@database.example.com/muster?sslmode=prefer" }],
    ["DATABASE_URL", { DATABASE_URL: "postgres://muster@database.example.com/muster?sslmode=no-verify" }],
    ["DATABASE_URL", { DATABASE_URL: "postgres:///muster?host=10.0.0.5" }],
    ["DATABASE_URL", { DATABASE_URL: "postgres://database.example.com/m?sslmode=require&uselibpqcompat=true" }],
    ["DATABASE_DIRECT_URL", { DATABASE_DIRECT_URL: "postgres://muster@10.0.0.5/muster" }],
    ["MUSTER_OIDC_ISSUER", { MUSTER_OIDC_ISSUER: "http://login.example.com", MUSTER_OIDC_CLIENT_ID: "muster" }],
    ["MUSTER_DEMO", { MUSTER_DEMO: "1" }],
    ["MUSTER_WEBHOOK_ALLOWED_NETWORKS", { MUSTER_WEBHOOK_ALLOWED_NETWORKS: "0.0.0.0/0" }],
    ["NODE_TLS_REJECT_UNAUTHORIZED", { NODE_TLS_REJECT_UNAUTHORIZED: "0" }],
  ])("%s of %j", (name, environment) => {
    const found = judge({ ...GOOD, ...environment });
    expect(found).toEqual([expect.objectContaining({ name, refused: true })]);
    expect(() => refuseInsecure(found)).toThrow(SettingsError);
    expect(() => refuseInsecure(found)).toThrow(name);
  });

  it("an encryption key that is not random", () => {
    const found = judge({ ...GOOD, MUSTER_ENCRYPTION_KEY: Buffer.alloc(32, "key").toString("base64") }, false);
    expect(found[0]).toMatchObject({ name: "MUSTER_ENCRYPTION_KEY", refused: true });
  });
});

describe("takes", () => {
  it.each([
    "postgres://muster@localhost/muster",
    "postgres://muster@127.0.0.1:5432/muster",
    "postgres://muster@[::1]/muster",
    "postgres:///muster?host=/var/run/postgresql",
    "postgres://muster@database.example.com/muster?sslmode=require",
  ])("the database %s", (DATABASE_URL) => {
    expect(judge({ ...GOOD, DATABASE_URL })).toEqual([]);
  });
});

describe("names, without refusing,", () => {
  it.each([
    ["MUSTER_BOOTSTRAP_KEY", { MUSTER_BOOTSTRAP_KEY: "mst_admin_x" }],
    ["MUSTER_ENCRYPTION_KEY", { MUSTER_ENCRYPTION_KEY: KEY }],
    [
      "MUSTER_OIDC_CLIENT_SECRET",
      {
        MUSTER_OIDC_ISSUER: "https://login.example.com",
        MUSTER_OIDC_CLIENT_ID: "muster",
        MUSTER_OIDC_CLIENT_SECRET: "s",
      },
    ],
    ["MUSTER_INTROSPECTION", { MUSTER_INTROSPECTION: "1" }],
    ["MUSTER_LOG_LEVEL", { MUSTER_LOG_LEVEL: "trace" }],
    ["MUSTER_WEBHOOK_ALLOWED_NETWORKS", { MUSTER_WEBHOOK_ALLOWED_NETWORKS: "127.0.0.0/8" }],
  ])("%s", (name, environment) => {
    const found = judge({ ...GOOD, ...environment });
    expect(found).toEqual([expect.objectContaining({ name, refused: false })]);
    expect(() => refuseInsecure(found)).not.toThrow();
    expect(JSON.stringify(found)).not.toContain("mst_admin_x");
  });

  it("a key that is kept beside the data, all the more with several servers", () => {
    const [found] = judge({ ...GOOD, MUSTER_REPLICA: "1" }, false);
    expect(found).toMatchObject({ name: "MUSTER_ENCRYPTION_KEY", refused: false });
    expect(found?.message).toContain("other machines");
  });
});
