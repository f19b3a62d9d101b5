import { isIP } from "node:net";
import { InvalidInput } from "@muster/domain/errors.ts";
import { isGlobal, isIn } from "./allowed-networks.ts";
import type { WebhookSettings } from "./webhook-settings.ts";

type Networks = Pick<WebhookSettings, "allowedNetworks">;

/**
 * The address in its normal form. Throws `InvalidInput` for what can be told to be refused without asking DNS; what a name
 * stands for is only known, and checked, when a connection is made. Any port may be named.
 */
export function checkWebhookUrl(text: string, { allowedNetworks }: Networks): string {
  const refuse = (message: string) => new InvalidInput([{ path: ["url"], message }]);
  const url = URL.parse(text);
  if (!url || (url.protocol !== "https:" && url.protocol !== "http:")) {
    throw refuse("must be an https:// address, such as https://example.com/hooks.");
  }
  if (url.username !== "" || url.password !== "") {
    throw refuse("must not hold credentials: deliveries are signed instead.");
  }
  if (url.hash !== "") throw refuse("must not have a part after #: it is never sent.");
  if (url.protocol === "http:" && allowedNetworks.rules.length === 0) {
    throw refuse("must begin with https://. Plain http is for the networks in MUSTER_WEBHOOK_ALLOWED_NETWORKS.");
  }
  const address = hostOf(url);
  const problem = isIP(address) === 0 ? null : refusedAddress(address, url.protocol, { allowedNetworks });
  if (problem !== null) throw refuse(problem);
  return url.href;
}

/** Why no connection is made to this IP address, or null. */
export function refusedAddress(address: string, protocol: string, { allowedNetworks }: Networks): string | null {
  if (isIn(allowedNetworks, address)) return null;
  if (!isGlobal(address)) {
    return `${address} is a private or special address. An operator can allow its network in MUSTER_WEBHOOK_ALLOWED_NETWORKS.`;
  }
  return protocol === "https:"
    ? null
    : `${address} is not in MUSTER_WEBHOOK_ALLOWED_NETWORKS, so it is only reached by https.`;
}

/** The host without the brackets of an IPv6 address. */
export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[(.*)\]$/, "$1");
}
