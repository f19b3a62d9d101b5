import { readFile } from "node:fs/promises";
import { LauncherError } from "./launcher-error.ts";

export interface SignInOptions {
  /** Where Muster listens. */
  readonly host: string;
  readonly port: number;
  /** The admin key; without it the one that the file holds. */
  readonly bootstrapKey: string | undefined;
  readonly bootstrapKeyFile: string;
}

const ANSWER_MS = 10_000;

/** Asks a running Muster for a one-time link that signs in. Throws a `LauncherError` that says what to do. */
export async function requestSignInLink(options: SignInOptions): Promise<string> {
  const url = urlOf(options);
  const key = options.bootstrapKey ?? (await keptKey(options.bootstrapKeyFile));
  const answer = await fetch(`${url}/auth/sign-in-links`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: "{}",
    redirect: "error",
    signal: AbortSignal.timeout(ANSWER_MS),
  }).catch((error: unknown) => {
    if (isOfCertificate(error))
      throw new LauncherError(
        `The certificate of ${url} is not one that this machine trusts (${error.cause.message}): name its authority's file in NODE_EXTRA_CA_CERTS.`,
        { cause: error },
      );
    throw new LauncherError(
      `Nothing answers at ${url}: start Muster with \`npm start\`, or give the --port and --host that it runs with.`,
      { cause: error },
    );
  });
  if (answer.status === 401) {
    const owner =
      options.bootstrapKey === undefined ? `kept in ${options.bootstrapKeyFile}` : "in MUSTER_BOOTSTRAP_KEY";
    throw new LauncherError(
      `The Muster at ${url} does not accept the key ${owner}: give the --data-dir that it runs with, or set MUSTER_BOOTSTRAP_KEY to a key that is valid.`,
    );
  }
  const link = answer.status === 201 ? linkIn(await answer.text()) : null;
  if (link !== null) return link;
  throw new LauncherError(
    `What answers at ${url} gave no sign-in link (status ${answer.status}): see whether it is Muster, and give the --port and --host that it runs with.`,
  );
}

function linkIn(text: string): string | null {
  try {
    const { url } = JSON.parse(text) as { url?: unknown };
    return typeof url === "string" ? url : null;
  } catch {
    return null;
  }
}

/** As Node names what is wrong with a certificate: CERT_HAS_EXPIRED, UNABLE_TO_VERIFY_LEAF_SIGNATURE, … */
function isOfCertificate(error: unknown): error is Error & { cause: Error } {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && "code" in cause && /CERT|SIGNATURE/.test(String(cause.code));
}

/** Where the Muster listens that was started with these options. */
export function urlOf({ host, port }: Pick<SignInOptions, "host" | "port">): string {
  // An address to listen on may stand for all of them.
  const name = host === "0.0.0.0" ? "127.0.0.1" : host === "::" ? "::1" : host;
  const scheme = process.env["MUSTER_TLS_CERT_FILE"] ? "https" : "http";
  return `${scheme}://${name.includes(":") ? `[${name}]` : name}:${port}`;
}

/** The admin key in the file. Throws a `LauncherError` that says what to do. */
export async function keptKey(file: string): Promise<string> {
  try {
    return (await readFile(file, "utf8")).trim();
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === "ENOENT";
    throw new LauncherError(
      missing
        ? `There is no key in ${file}: give the --data-dir that Muster runs with, or set MUSTER_BOOTSTRAP_KEY.`
        : `The key ${file} cannot be read: ask as the user who runs Muster, or set MUSTER_BOOTSTRAP_KEY.`,
      { cause: error },
    );
  }
}
