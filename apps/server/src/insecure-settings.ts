import { type BlockList, isIP } from "node:net";
import { isIn } from "@muster/operations/webhooks/allowed-networks.ts";
import { type ServerSettings, SettingsError } from "./settings.ts";

/** A setting that makes an installation easier to break into than it has to be. */
export interface InsecureSetting {
  /** The variable of the environment. */
  readonly name: string;
  /** A sentence: what is at stake, and what to set instead. */
  readonly message: string;
  /** In production the server does not start with it. */
  readonly refused: boolean;
}

type Judge = (settings: ServerSettings, environment: Environment) => InsecureSetting | null;
type Environment = Readonly<Record<string, string | undefined>>;

const JUDGES: readonly Judge[] = [
  ({ host, tls, trustedProxies }) =>
    !isLoopback(host) && tls === null && trustedProxies.rules.length === 0
      ? refused(
          "MUSTER_HOST",
          `is ${host}: keys and sessions would cross the network in clear. Set MUSTER_TLS_CERT_FILE and MUSTER_TLS_KEY_FILE, or name the proxy that ends TLS in MUSTER_TRUSTED_PROXIES.`,
        )
      : null,
  ({ trustedProxies }) =>
    trusts(trustedProxies, ANYONE)
      ? refused(
          "MUSTER_TRUSTED_PROXIES",
          "names everybody: anyone could claim any address. Name your proxies' addresses.",
        )
      : null,
  ({ publicUrl }) =>
    publicUrl !== null && isClear(publicUrl)
      ? refused(
          "MUSTER_PUBLIC_URL",
          "is plain http: links that sign in would cross the network in clear. Give an https address.",
        )
      : null,
  ({ databaseUrl }) => databaseJudgement("DATABASE_URL", databaseUrl),
  ({ databaseUrl, databaseDirectUrl }) =>
    databaseDirectUrl === databaseUrl ? null : databaseJudgement("DATABASE_DIRECT_URL", databaseDirectUrl),
  ({ oidc }) =>
    oidc !== null && isClear(oidc.issuer)
      ? refused(
          "MUSTER_OIDC_ISSUER",
          "is plain http: whoever sits between could sign in as anybody. Give an https address.",
        )
      : null,
  ({ demo }) =>
    demo
      ? refused(
          "MUSTER_DEMO",
          "is on: its agents run the code of whatever local repository a task names. Start with --no-demo.",
        )
      : null,
  ({ encryptionKey }) =>
    encryptionKey !== null && new Set(encryptionKey).size < LEAST_VARIETY
      ? refused("MUSTER_ENCRYPTION_KEY", "is not random. Make one with: openssl rand -base64 32")
      : null,
  ({ operations }) => webhookJudgement(operations.webhooks.allowedNetworks),
  (_, environment) =>
    environment["NODE_TLS_REJECT_UNAUTHORIZED"] === "0"
      ? refused(
          "NODE_TLS_REJECT_UNAUTHORIZED",
          "is 0: no certificate is checked. Leave it out; name your own CA in NODE_EXTRA_CA_CERTS.",
        )
      : null,
  (_, environment) => inEnvironment("MUSTER_BOOTSTRAP_KEY", environment, "or leave it out once people can sign in"),
  (_, environment) => inEnvironment("MUSTER_ENCRYPTION_KEY", environment),
  (_, environment) => inEnvironment("MUSTER_OIDC_CLIENT_SECRET", environment),
  ({ encryptionKey, dataDir, replica }) =>
    encryptionKey === null
      ? named(
          "MUSTER_ENCRYPTION_KEY",
          `is not set, so the key is kept in ${dataDir}: it is in every copy of that folder${replica === null ? "" : ", and servers on other machines have another one"}. Keep it apart, and give it by MUSTER_ENCRYPTION_KEY_FILE.`,
        )
      : null,
  ({ introspection }) =>
    introspection
      ? named("MUSTER_INTROSPECTION", "is on: whoever can sign in can read the whole schema. Set it to 0.")
      : null,
  ({ logLevel }) =>
    logLevel === "trace" || logLevel === "debug"
      ? named("MUSTER_LOG_LEVEL", `is ${logLevel}: the log tells of every request. Set it to info.`)
      : null,
];

/** Fewer different bytes than a random key of 32 ever has. */
const LEAST_VARIETY = 16;
/** Documentation addresses (RFC 5737, 3849), which no network that anybody names on purpose holds. */
const ANYONE = ["192.0.2.1", "2001:db8::1"];

/** Every insecure setting, the refused ones first. `environment` is what the settings were read from. */
export function insecureSettings(settings: ServerSettings, environment: Environment): readonly InsecureSetting[] {
  const found = JUDGES.flatMap((judge) => judge(settings, environment) ?? []);
  return found.toSorted((a, b) => Number(b.refused) - Number(a.refused));
}

/** Throws a `SettingsError` that names each that is refused. */
export function refuseInsecure(found: readonly InsecureSetting[]): void {
  const refusals = found.filter((each) => each.refused).map(({ name, message }) => `${name} ${message}`);
  if (refusals.length > 0)
    throw new SettingsError(`Muster does not start so in production (MUSTER_ENV). ${refusals.join(" ")}`);
}

function refused(name: string, message: string): InsecureSetting {
  return { name, message, refused: true };
}

function named(name: string, message: string): InsecureSetting {
  return { name, message, refused: false };
}

function inEnvironment(name: string, environment: Environment, otherwise?: string): InsecureSetting | null {
  if (!environment[name]) return null;
  const rest = otherwise === undefined ? "" : `, ${otherwise}`;
  return named(name, `is in the environment, which other tools show and pass on. Give it by ${name}_FILE${rest}.`);
}

function webhookJudgement(allowed: BlockList): InsecureSetting | null {
  const name = "MUSTER_WEBHOOK_ALLOWED_NETWORKS";
  if (trusts(allowed, ANYONE))
    return refused(name, "names everything: webhooks would reach your inner network. Name what they need.");
  return trusts(allowed, ["127.0.0.1", "::1"])
    ? named(name, "names this machine itself: webhooks reach what listens here for itself alone.")
    : null;
}

function databaseJudgement(name: string, text: string): InsecureSetting | null {
  const url = URL.parse(text);
  const host = url?.searchParams.get("host") ?? url?.hostname ?? "";
  // Without a host, or with a path, it is a socket of this machine.
  if (host === "" || host.startsWith("/") || isLoopback(host)) return null;
  const mode = url?.searchParams.get("sslmode") ?? url?.searchParams.get("ssl");
  if (mode === undefined || mode === null || ["disable", "allow", "prefer", "false", "0"].includes(mode))
    return refused(
      name,
      "leads to another machine without TLS: all data would cross the network in clear. Add sslmode=verify-full.",
    );
  const lax = mode === "no-verify" || url?.searchParams.get("uselibpqcompat") === "true";
  return lax && mode !== "verify-full"
    ? refused(
        name,
        "does not check the database's certificate: whoever sits between could be it. Add sslmode=verify-full.",
      )
    : null;
}

function isClear(url: string): boolean {
  const parsed = URL.parse(url);
  return parsed?.protocol === "http:" && !isLoopback(parsed.hostname);
}

function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[(.*)\]$/, "$1");
  return bare === "localhost" || bare === "::1" || (isIP(bare) === 4 && bare.startsWith("127."));
}

function trusts(networks: BlockList, addresses: readonly string[]): boolean {
  return addresses.some((address) => isIn(networks, address));
}
