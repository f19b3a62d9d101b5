import { constants } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer, type RequestListener, type Server, type ServerOptions } from "node:http";
import { createServer as createTlsServer, type Server as TlsServer } from "node:https";
import { createSecureContext, type SecureContextOptions, type TLSSocket } from "node:tls";
import type { Logger } from "pino";
import { repeat, type Repeating } from "./repeat.ts";
import { SettingsError, type TlsFiles } from "./settings.ts";

const RELOAD_MS = 5_000;
const HANDSHAKE_MS = 10_000;

/** What speaks HTTP, within TLS 1.3 where there are files for it. Throws `SettingsError` when they are of no use. */
export function createListener(tls: TlsFiles | null, options: ServerOptions, listener: RequestListener): Server {
  if (tls === null) return createServer(options, listener);
  const server = createTlsServer(
    {
      ...options,
      ...contextOf(tls),
      requestCert: tls.clientAuthority !== null,
      // Browsers and programs with keys have none. One of another authority is turned away below.
      rejectUnauthorized: false,
      handshakeTimeout: HANDSHAKE_MS,
    },
    listener,
  );
  server.on("secureConnection", (socket: TLSSocket) => {
    if (!socket.authorized && socket.getPeerX509Certificate() !== undefined) socket.destroy();
  });
  return server;
}

/** Takes new files within seconds of their coming; connections that are open stay. Files that are of no use are left, and it says so. */
export function reloadTls(server: Server, tls: TlsFiles, log: Logger): Repeating {
  let present = JSON.stringify(contextOf(tls));
  return repeat("TLS files", RELOAD_MS, log, async () => {
    const context = contextOf(tls);
    const text = JSON.stringify(context);
    if (text === present) return;
    (server as TlsServer).setSecureContext(context);
    present = text;
    log.info("the TLS files were read again");
  });
}

function contextOf({ certificate, key, clientAuthority }: TlsFiles): SecureContextOptions {
  const context: SecureContextOptions = {
    cert: read("MUSTER_TLS_CERT_FILE", certificate),
    key: read("MUSTER_TLS_KEY_FILE", key),
    ...(clientAuthority === null ? {} : { ca: read("MUSTER_TLS_CLIENT_CA_FILE", clientAuthority) }),
    minVersion: "TLSv1.3",
    // A session that is resumed would bring back a certificate that nobody has looked at since.
    ...(clientAuthority === null ? {} : { secureOptions: constants.SSL_OP_NO_TICKET }),
  };
  try {
    createSecureContext(context);
    return context;
  } catch (error) {
    throw new SettingsError(
      `The files of MUSTER_TLS_CERT_FILE and MUSTER_TLS_KEY_FILE are no certificate and its key, in PEM (${(error as Error).message}).`,
    );
  }
}

function read(name: string, file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new SettingsError(`The file of the setting ${name} cannot be read (${(error as Error).message}).`);
  }
}
