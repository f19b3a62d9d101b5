import { InvalidInput } from "@muster/domain/errors.ts";
import { describe, expect, it } from "vitest";
import { parseNetworks } from "./allowed-networks.ts";
import { checkWebhookUrl } from "./webhook-url.ts";

const nowhere = { allowedNetworks: parseNetworks([]) };
const within = { allowedNetworks: parseNetworks(["10.1.0.0/16", "127.0.0.1", "fd00::/8"]) };

function problem(url: string, settings = nowhere): string | null {
  try {
    checkWebhookUrl(url, settings);
    return null;
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    expect(error.issues[0]?.path).toEqual(["url"]);
    return error.issues[0]?.message ?? "";
  }
}

describe("checkWebhookUrl", () => {
  it.each([
    "https://example.com/hooks?token=1",
    "https://example.com:8443/",
    "https://8.8.8.8/",
    "https://[2606:4700:4700::1111]/",
    "https://11.0.0.1/",
    "https://172.32.0.1/",
    "https://100.128.0.1/",
    "https://192.169.0.1/",
  ])("takes %s", (url) => {
    expect(problem(url)).toBeNull();
  });

  it.each([
    "https://127.0.0.1/",
    "https://127.1/",
    "https://2130706433/",
    "https://0x7f.0.0.1/",
    "https://0177.0.0.1/",
    "https://0.0.0.0/",
    "https://10.0.0.1/",
    "https://100.64.0.1/",
    "https://169.254.169.254/latest/meta-data",
    "https://172.16.0.1/",
    "https://172.31.255.255/",
    "https://192.0.0.1/",
    "https://192.0.2.1/",
    "https://192.88.99.1/",
    "https://192.168.1.1/",
    "https://198.18.0.1/",
    "https://198.51.100.1/",
    "https://203.0.113.1/",
    "https://224.0.0.1/",
    "https://240.0.0.1/",
    "https://255.255.255.255/",
    "https://[::]/",
    "https://[::1]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[::ffff:8.8.8.8]/",
    "https://[::127.0.0.1]/",
    "https://[64:ff9b::7f00:1]/",
    "https://[64:ff9b:1::1]/",
    "https://[100::1]/",
    "https://[2001::1]/",
    "https://[2001:db8::1]/",
    "https://[2002:7f00:1::]/",
    "https://[3fff::1]/",
    "https://[5f00::1]/",
    "https://[fc00::1]/",
    "https://[fd12:3456::1]/",
    "https://[fe80::1]/",
    "https://[fec0::1]/",
    "https://[ff02::1]/",
  ])("refuses %s as special", (url) => {
    expect(problem(url)).toContain("private or special");
  });

  it("takes what is in the allowed networks, also by plain http, and nothing beside them", () => {
    for (const url of [
      "http://10.1.2.3/",
      "https://10.1.2.3:9000/",
      "http://127.0.0.1/",
      "http://[fd12::1]/",
      "http://[::ffff:10.1.2.3]/",
    ])
      expect(problem(url, within)).toBeNull();
    for (const url of ["http://10.2.0.1/", "https://127.0.0.2/", "https://[fc00::1]/", "https://[::1]/"])
      expect(problem(url, within)).toContain("private or special");
    expect(problem("http://8.8.8.8/", within)).toContain("only reached by https");
  });

  it.each([
    ["example.com", "https://"],
    ["ftp://example.com/", "https://"],
    ["javascript:alert(1)", "https://"],
    ["https://", "https://"],
    ["http://example.com/", "Plain http"],
    ["https://user:pass@example.com/", "credentials"],
    ["https://example.com/#part", "#"],
  ])("refuses %s", (url, message) => {
    expect(problem(url)).toContain(message);
  });
});

describe("parseNetworks", () => {
  it.each(["10.0.0.0/33", "10.0.0/8", "fd00::/129", "example.com", "", "10.0.0.0/8/8", "10.0.0.0/-1"])(
    "refuses %j",
    (network) => {
      expect(() => parseNetworks([network])).toThrow(TypeError);
    },
  );
});
