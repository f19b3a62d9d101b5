import { BlockList, isIP } from "node:net";

/** What the registries of special-purpose addresses list (RFC 6890 and its successors), with all that is multicast or reserved. */
const SPECIAL_IPV4 = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.31.196.0/24",
  "192.52.193.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "192.175.48.0/24",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/3",
];
/** Of IPv6 only this is in use for everybody, and this within it is not: among it all that carries an IPv4 address inside. */
const GLOBAL_IPV6 = parseNetworks(["2000::/3"]);
const SPECIAL_IPV6 = ["2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20"];
const SPECIAL = parseNetworks([...SPECIAL_IPV4, ...SPECIAL_IPV6]);

/** Reads networks as in `10.0.0.0/8` or `fd00::/8`; an address by itself is a network of one. Throws a `TypeError` that names the wrong one. */
export function parseNetworks(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [, address = "", prefix] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(network) ?? [];
    const version = isIP(address);
    const longest = version === 4 ? 32 : 128;
    const length = prefix === undefined ? longest : Number(prefix);
    if (version === 0 || length > longest) throw new TypeError(`${network} is not a network such as 10.0.0.0/8.`);
    list.addSubnet(address, length, version === 4 ? "ipv4" : "ipv6");
  }
  return list;
}

/** Whether the address is in one of the networks; an IPv4 address that is mapped into IPv6 is what it stands for. */
export function isIn(networks: BlockList, address: string): boolean {
  return networks.check(address, isIP(address) === 4 ? "ipv4" : "ipv6");
}

/** Whether the address belongs to no special network: anybody on the Internet can be there. */
export function isGlobal(address: string): boolean {
  if (isIP(address) === 4) return !isIn(SPECIAL, address);
  return isIn(GLOBAL_IPV6, address) && !isIn(SPECIAL, address);
}
