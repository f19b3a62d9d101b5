import type { BlockList } from "node:net";
import type { Role } from "@muster/domain/roles.ts";
import { type OperationSettings, DEFAULT_SETTINGS } from "@muster/operations/settings.ts";
import { SecretFileError, withSecretsFromFiles } from "@muster/processes/secret-files.ts";
import type { z } from "zod";
import type { ConnectionLimits } from "./connection-limits.ts";
import { Environment, SECRETS } from "./environment.ts";

/** How long a socket may stay open after its key or session ended in another process. */
const CREDENTIAL_CHECK_MS = 15_000;
const KEEP_ALIVE_MS = 15_000;
const HEAD_MS = 15_000;
const REQUEST_MS = 60_000;
const DAY_MS = 86_400_000;

/** Paths of files in PEM. */
export interface TlsFiles {
  readonly certificate: string;
  readonly key: string;
  /** Who signs the certificates of agents; null: they are not asked for one. */
  readonly clientAuthority: string | null;
}

export interface OidcSettings {
  readonly issuer: string;
  readonly clientId: string;
  /** Null: a public client. */
  readonly clientSecret: string | null;
  /** What the sign-in page calls it. */
  readonly name: string;
  /** What a person becomes in the whole installation who was not invited; null: nobody comes in so. */
  readonly defaultRole: Role | null;
}

export interface ServerSettings {
  /** Whether insecure settings are refused, see `insecureSettings`. */
  readonly production: boolean;
  readonly databaseUrl: string;
  /** Leads to the same database past a pooler in transaction mode; `databaseUrl` where there is none. */
  readonly databaseDirectUrl: string;
  readonly databaseConnections: number;
  /** Whether callers with a limited reach are held by row-level security too. */
  readonly rowSecurity: boolean;
  /** 0: any free port. */
  readonly port: number;
  readonly host: string;
  /** Whether other servers of the same user may listen on the port too. */
  readonly reusePort: boolean;
  /** What this one of several servers is called, in its log and its answers. */
  readonly replica: string | null;
  /** Where the console's process listens; null without a console. */
  readonly consoleUpstream: string | null;
  /** How often the credentials of open sockets and streams are looked up again. */
  readonly credentialCheckMs: number;
  readonly dataDir: string;
  readonly bootstrapKey: string | null;
  /** What seals secrets in the database; null: one that is kept in `dataDir`. */
  readonly encryptionKey: Uint8Array | null;
  /** What sealed before: it opens what has not been sealed anew yet. */
  readonly previousEncryptionKeys: readonly Uint8Array[];
  /** Where the generated admin key is kept when none is given. */
  readonly bootstrapKeyFile: string | null;
  readonly logLevel: string;
  readonly demo: boolean;
  /** Whether this process runs agent packages. */
  readonly supervise: boolean;
  /** Set by the launcher: the embedded Postgres to stop when the launcher itself has died. */
  readonly embeddedDataDir: string | null;
  /** The origin under which people reach the server; null: the one that they asked for. */
  readonly publicUrl: string | null;
  /** Null: plain http. */
  readonly tls: TlsFiles | null;
  /** Another provider that people sign in with; null: none. */
  readonly oidc: OidcSettings | null;
  readonly limits: ConnectionLimits;
  /** Whose X-Forwarded-For is believed. */
  readonly trustedProxies: BlockList;
  /** Other origins whose pages may ask, with a key of their own and never with a cookie. */
  readonly allowedOrigins: readonly string[];
  /** Whether only operations are run that are known by their hash. */
  readonly persistedOnly: boolean;
  /** Whether signed-in callers may read the schema. */
  readonly introspection: boolean;
  /** Where events are written before whole partitions of them are removed; null: they are not. */
  readonly eventArchiveDir: string | null;
  readonly operations: OperationSettings;
}

/** A variable of the environment is not valid. The message names it and says what it has to be. */
export class SettingsError extends Error {
  override readonly name = "SettingsError";
}

/** Reads the settings once, secrets also from files. Empty variables count as absent. Throws `SettingsError`. */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): ServerSettings {
  const given = Object.fromEntries(
    Object.entries(withSecrets(environment)).filter(([, value]) => value !== undefined && value !== ""),
  );
  const result = Environment.safeParse(given);
  if (!result.success) {
    const [issue] = result.error.issues;
    throw new SettingsError(
      `The setting ${String(issue?.path[0])} is not valid: ${issue?.message}. See the table of settings in the README.`,
    );
  }
  const read = result.data;
  return {
    production: read.MUSTER_ENV === "production",
    databaseUrl: read.DATABASE_URL,
    databaseDirectUrl: read.DATABASE_DIRECT_URL ?? read.DATABASE_URL,
    databaseConnections: read.MUSTER_DATABASE_CONNECTIONS,
    rowSecurity: read.MUSTER_ROW_SECURITY === "on",
    port: read.PORT,
    host: read.MUSTER_HOST,
    reusePort: read.MUSTER_REUSE_PORT === "1",
    replica: read.MUSTER_REPLICA ?? null,
    consoleUpstream: read.CONSOLE_UPSTREAM ?? null,
    credentialCheckMs: CREDENTIAL_CHECK_MS,
    dataDir: read.MUSTER_DATA_DIR,
    bootstrapKey: read.MUSTER_BOOTSTRAP_KEY ?? null,
    encryptionKey: read.MUSTER_ENCRYPTION_KEY ?? null,
    previousEncryptionKeys: read.MUSTER_PREVIOUS_ENCRYPTION_KEYS,
    bootstrapKeyFile: read.MUSTER_BOOTSTRAP_KEY_FILE ?? null,
    logLevel: read.MUSTER_LOG_LEVEL,
    demo: read.MUSTER_DEMO === "1",
    supervise: read.MUSTER_SUPERVISE === "1",
    eventArchiveDir: read.MUSTER_EVENT_ARCHIVE_DIR ?? null,
    embeddedDataDir: read.MUSTER_EMBEDDED_DATA_DIR ?? null,
    publicUrl: read.MUSTER_PUBLIC_URL ?? null,
    tls: tlsFiles(read),
    oidc: oidcSettings(read),
    trustedProxies: read.MUSTER_TRUSTED_PROXIES,
    allowedOrigins: read.MUSTER_ALLOWED_ORIGINS,
    persistedOnly: read.MUSTER_OPERATIONS === "persisted",
    introspection: read.MUSTER_INTROSPECTION === "1",
    limits: {
      connectionsPerCredential: read.MUSTER_SOCKETS_PER_CREDENTIAL,
      operationsPerSocket: read.MUSTER_SUBSCRIPTIONS_PER_SOCKET,
      operationsPerSecond: read.MUSTER_OPERATIONS_PER_SECOND,
      messagesPerSecond: read.MUSTER_MESSAGES_PER_SECOND,
      requestsPerSecondPerAddress: read.MUSTER_REQUESTS_PER_SECOND_PER_ADDRESS,
      refusalsPerSecondPerAddress: read.MUSTER_REFUSALS_PER_SECOND_PER_ADDRESS,
      strangersPerAddress: read.MUSTER_STRANGERS_PER_ADDRESS,
      headMs: HEAD_MS,
      requestMs: REQUEST_MS,
      bufferBytes: read.MUSTER_SOCKET_BUFFER_BYTES,
      keepAliveMs: KEEP_ALIVE_MS,
    },
    operations: {
      ...DEFAULT_SETTINGS,
      tokenIssuer: read.MUSTER_PUBLIC_URL ?? DEFAULT_SETTINGS.tokenIssuer,
      publicUrl: read.MUSTER_PUBLIC_URL ?? null,
      signIn: {
        sessionMs: read.MUSTER_SESSION_DAYS * DAY_MS,
        idleMs: read.MUSTER_SESSION_IDLE_DAYS * DAY_MS,
        attemptsPerAccount: read.MUSTER_SIGN_IN_ATTEMPTS_PER_ACCOUNT,
        attemptsPerAddress: read.MUSTER_SIGN_IN_ATTEMPTS_PER_ADDRESS,
        attemptWindowMs: read.MUSTER_SIGN_IN_WINDOW_MINUTES * 60_000,
      },
      leaseMs: read.MUSTER_LEASE_MS,
      heartbeatTimeoutMs: read.MUSTER_HEARTBEAT_TIMEOUT_MS,
      startTimeoutMs: read.MUSTER_START_TIMEOUT_MS,
      deployTimeoutMs: read.MUSTER_DEPLOY_TIMEOUT_MS,
      cancelGraceMs: read.MUSTER_CANCEL_GRACE_MS,
      rollbackTimeoutMs: read.MUSTER_ROLLBACK_TIMEOUT_MS,
      maxJsonBytes: read.MUSTER_MAX_JSON_BYTES,
      resultTtlMs: read.MUSTER_TASK_RESULT_TTL_DAYS === undefined ? null : read.MUSTER_TASK_RESULT_TTL_DAYS * DAY_MS,
      eventRetentionDays: read.MUSTER_EVENT_RETENTION_DAYS ?? null,
      webhooks: { ...DEFAULT_SETTINGS.webhooks, allowedNetworks: read.MUSTER_WEBHOOK_ALLOWED_NETWORKS },
    },
  };
}

type Read = z.output<typeof Environment>;

function tlsFiles({ MUSTER_TLS_CERT_FILE: certificate, MUSTER_TLS_KEY_FILE: key, ...read }: Read): TlsFiles | null {
  const clientAuthority = read.MUSTER_TLS_CLIENT_CA_FILE ?? null;
  if (certificate !== undefined && key !== undefined) return { certificate, key, clientAuthority };
  if (certificate === undefined && key === undefined && clientAuthority === null) return null;
  const missing = certificate === undefined ? "MUSTER_TLS_CERT_FILE" : "MUSTER_TLS_KEY_FILE";
  throw new SettingsError(`The setting ${missing} is missing: TLS takes a certificate and its key.`);
}

function oidcSettings({
  MUSTER_OIDC_ISSUER: issuer,
  MUSTER_OIDC_CLIENT_ID: clientId,
  ...read
}: Read): OidcSettings | null {
  if (issuer === undefined && clientId === undefined) return null;
  if (issuer === undefined || clientId === undefined) {
    const missing = issuer === undefined ? "MUSTER_OIDC_ISSUER" : "MUSTER_OIDC_CLIENT_ID";
    throw new SettingsError(`The setting ${missing} is missing: OpenID Connect takes an issuer and a client id.`);
  }
  return {
    issuer,
    clientId,
    clientSecret: read.MUSTER_OIDC_CLIENT_SECRET ?? null,
    name: read.MUSTER_OIDC_NAME,
    defaultRole: read.MUSTER_OIDC_DEFAULT_ROLE ?? null,
  };
}

function withSecrets(environment: Readonly<Record<string, string | undefined>>): typeof environment {
  try {
    return withSecretsFromFiles(environment, SECRETS);
  } catch (error) {
    if (error instanceof SecretFileError) throw new SettingsError(error.message);
    throw error;
  }
}
