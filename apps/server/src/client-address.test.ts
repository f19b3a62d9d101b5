import { parseNetworks } from "@muster/operations/webhooks/allowed-networks.ts";
import { describe, expect, it } from "vitest";
import { clientAddress, networkOf, plainAddress } from "./client-address.ts";

const PROXIES = parseNetworks(["10.0.0.0/8", "fd00::/8"]);
const NOBODY = parseNetworks([]);

const from = (remoteAddress: string | undefined, forwarded?: string, trusted = PROXIES) =>
  clientAddress(
    { headers: forwarded === undefined ? {} : { "x-forwarded-for": forwarded }, socket: { remoteAddress } } as never,
    trusted,
  );

describe("the address of a client", () => {
  it("is the connection's own, whatever is forwarded, unless a trusted proxy made the connection", () => {
    expect(from("198.51.100.7", "203.0.113.1")).toBe("198.51.100.7");
    expect(from("10.0.0.1", "203.0.113.1", NOBODY)).toBe("10.0.0.1");
    expect(from("10.0.0.1")).toBe("10.0.0.1");
    expect(from(undefined, "203.0.113.1")).toBeNull();
  });

  it("is read from the right: what the client itself wrote in front does not count", () => {
    expect(from("10.0.0.1", "192.0.2.66, 203.0.113.1")).toBe("203.0.113.1");
    expect(from("10.0.0.1", "192.0.2.66, 203.0.113.1, 10.0.0.2")).toBe("203.0.113.1");
    expect(from("::ffff:10.0.0.1", "203.0.113.1:4711")).toBe("203.0.113.1");
    expect(from("fd00::1", "[2001:db8::7]:443")).toBe("2001:db8::7");
    expect(from("10.0.0.1", "10.0.0.3")).toBe("10.0.0.3");
    expect(from("10.0.0.1", "203.0.113.1, nonsense")).toBe("10.0.0.1");
  });

  it("is counted by the network that one holder has", () => {
    expect(networkOf("203.0.113.1")).toBe("203.0.113.1");
    expect(networkOf("2001:db8:0:1::7")).toBe("2001:db8:0:1::/64");
    expect(networkOf("2001:0DB8:0000:0001:ffff::9")).toBe("2001:db8:0:1::/64");
    expect(networkOf("::1")).toBe("0:0:0:0::/64");
    expect(networkOf("2001:db8:1:2:3:4:5:6")).toBe("2001:db8:1:2::/64");
  });

  it("is nothing but an address", () => {
    for (const text of ["", "localhost", "1.2.3", "203.0.113.1/24", "a:b"]) expect(plainAddress(text)).toBeNull();
    expect(plainAddress("fe80::1%eth0")).toBe("fe80::1");
  });
});
