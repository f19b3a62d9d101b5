import type { IncomingMessage } from "node:http";
import { TLSSocket } from "node:tls";
import { parseId } from "@muster/domain/ids.ts";
import type { Credential } from "./authentication.ts";

const known = new WeakMap<TLSSocket, Credential | null>();

/**
 * The credential in the client certificate of a connection: of the agent whose id is its common name, signed by the authority that is
 * trusted for it. Null without one.
 */
export function certificateOf({ socket }: Pick<IncomingMessage, "socket">): Credential | null {
  if (!(socket instanceof TLSSocket) || !socket.authorized) return null;
  const present = known.get(socket);
  if (present !== undefined) return present;
  const credential = credentialIn(socket);
  known.set(socket, credential);
  return credential;
}

function credentialIn(socket: TLSSocket): Credential | null {
  const { subject, fingerprint256, valid_to: end } = socket.getPeerCertificate();
  // Several common names are an array, and nobody's.
  const name: unknown = subject?.CN;
  const agentId = typeof name === "string" ? parseId("agent", name) : null;
  const expiresAt = new Date(end);
  if (agentId === null || !fingerprint256 || Number.isNaN(expiresAt.getTime())) return null;
  return {
    kind: "CERTIFICATE",
    secret: `certificate ${fingerprint256}`,
    certificate: { fingerprint: fingerprint256, agentId, expiresAt },
  };
}
