import { type OperationSettings, DEFAULT_SETTINGS } from "@muster/operations/settings.ts";
import { parseNetworks } from "@muster/operations/webhooks/allowed-networks.ts";
import { parseEncryptionKey } from "@muster/database/sealed-secret.ts";
import { z } from "zod";
import type { ConnectionLimits } from "./connection-limits.ts";

const milliseconds = z.coerce.number().int().min(50).max(86_400_000);

/** How long a socket may stay open after its key or session ended in another process. */
const CREDENTIAL_CHECK_MS = 15_000;
const KEEP_ALIVE_MS = 15_000;
const DAY_MS = 86_400_000;

const Environment = z.object({
  DATABASE_URL: z.string().regex(/^postgres(ql)?:\/\//, "must be a postgres:// URL"),
  DATABASE_DIRECT_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, "must be a postgres:// URL")
    .optional(),
  PORT: z.coerce.number().int().min(0).max(65_535).default(4000),
  MUSTER_REUSE_PORT: z.enum(["0", "1"]).default("0"),
  MUSTER_REPLICA: z
    .string()
    .regex(/^[A-Za-z0-9._-]{1,64}$/, "must be up to 64 letters, digits, dots, dashes and underscores")
    .optional(),
  CONSOLE_UPSTREAM: z
    .string()
    .refine(isBareHttpUrl, "must be an http:// URL without a path, such as http://127.0.0.1:4001")
    .optional(),
  MUSTER_HOST: z.string().min(1).default("127.0.0.1"),
  MUSTER_DATA_DIR: z.string().min(1).default(".muster"),
  MUSTER_BOOTSTRAP_KEY: z.string().min(1).optional(),
  MUSTER_BOOTSTRAP_KEY_FILE: z.string().min(1).optional(),
  MUSTER_LOG_LEVEL: z.enum(["trace", "debug", "info", "warn", "error", "silent"]).default("info"),
  MUSTER_DEMO: z.enum(["0", "1"]).default("0"),
  MUSTER_SUPERVISE: z.enum(["0", "1"]).default("1"),
  MUSTER_EMBEDDED_DATA_DIR: z.string().min(1).optional(),
  MUSTER_DATABASE_CONNECTIONS: z.coerce.number().int().min(4).max(500).default(20),
  MUSTER_SOCKETS_PER_CREDENTIAL: z.coerce.number().int().min(1).max(1_000_000).default(2_000),
  MUSTER_SUBSCRIPTIONS_PER_SOCKET: z.coerce.number().int().min(1).max(100_000).default(200),
  MUSTER_OPERATIONS_PER_SECOND: z.coerce.number().int().min(1).max(1_000_000).default(5_000),
  MUSTER_MESSAGES_PER_SECOND: z.coerce.number().int().min(1).max(1_000_000).default(2_000),
  MUSTER_SOCKET_BUFFER_BYTES: z.coerce.number().int().min(16_384).max(1_073_741_824).default(1_048_576),
  MUSTER_LEASE_MS: milliseconds.default(DEFAULT_SETTINGS.leaseMs),
  MUSTER_HEARTBEAT_TIMEOUT_MS: milliseconds.default(DEFAULT_SETTINGS.heartbeatTimeoutMs),
  MUSTER_START_TIMEOUT_MS: milliseconds.default(DEFAULT_SETTINGS.startTimeoutMs),
  MUSTER_DEPLOY_TIMEOUT_MS: milliseconds.default(DEFAULT_SETTINGS.deployTimeoutMs),
  MUSTER_CANCEL_GRACE_MS: milliseconds.default(DEFAULT_SETTINGS.cancelGraceMs),
  MUSTER_ROLLBACK_TIMEOUT_MS: milliseconds.default(DEFAULT_SETTINGS.rollbackTimeoutMs),
  MUSTER_MAX_JSON_BYTES: z.coerce.number().int().min(1_024).max(8_388_608).default(DEFAULT_SETTINGS.maxJsonBytes),
  MUSTER_TASK_RESULT_TTL_DAYS: z.coerce.number().int().min(1).max(3_660).optional(),
  MUSTER_EVENT_RETENTION_DAYS: z.coerce.number().int().min(1).max(36_500).optional(),
  MUSTER_EVENT_ARCHIVE_DIR: z.string().min(1).optional(),
  MUSTER_ENCRYPTION_KEY: z
    .string()
    .transform((text, context) => {
      const key = parseEncryptionKey(text);
      if (key === null) context.addIssue({ code: "custom", message: "must be 32 bytes in base64" });
      return key;
    })
    .optional(),
  MUSTER_WEBHOOK_ALLOWED_NETWORKS: z
    .string()
    .default("")
    .transform((text, context) => {
      try {
        return parseNetworks(text.split(/[\s,]+/).filter(Boolean));
      } catch (error) {
        context.addIssue({ code: "custom", message: (error as Error).message });
        return z.NEVER;
      }
    }),
});

export interface ServerSettings {
  readonly databaseUrl: string;
  /** Leads to the same database past a pooler in transaction mode; `databaseUrl` where there is none. */
  readonly databaseDirectUrl: string;
  readonly databaseConnections: number;
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
  /** Where the generated admin key is kept when none is given. */
  readonly bootstrapKeyFile: string | null;
  readonly logLevel: string;
  readonly demo: boolean;
  /** Whether this process runs agent packages. */
  readonly supervise: boolean;
  /** Set by the launcher: the embedded Postgres to stop when the launcher itself has died. */
  readonly embeddedDataDir: string | null;
  readonly limits: ConnectionLimits;
  /** Where events are written before whole partitions of them are removed; null: they are not. */
  readonly eventArchiveDir: string | null;
  readonly operations: OperationSettings;
}

/** A variable of the environment is not valid. The message names it and says what it has to be. */
export class SettingsError extends Error {
  override readonly name = "SettingsError";
}

/** Reads the settings once. Empty variables count as absent. Throws `SettingsError`. */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): ServerSettings {
  const given = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ""),
  );
  const result = Environment.safeParse(given);
  if (!result.success) {
    const [issue] = result.error.issues;
    throw new SettingsError(
      `The setting ${issue?.path.join(".")} is not valid: ${issue?.message}. See the table of settings in the README.`,
    );
  }
  const read = result.data;
  return {
    databaseUrl: read.DATABASE_URL,
    databaseDirectUrl: read.DATABASE_DIRECT_URL ?? read.DATABASE_URL,
    databaseConnections: read.MUSTER_DATABASE_CONNECTIONS,
    port: read.PORT,
    host: read.MUSTER_HOST,
    reusePort: read.MUSTER_REUSE_PORT === "1",
    replica: read.MUSTER_REPLICA ?? null,
    consoleUpstream: read.CONSOLE_UPSTREAM ?? null,
    credentialCheckMs: CREDENTIAL_CHECK_MS,
    dataDir: read.MUSTER_DATA_DIR,
    bootstrapKey: read.MUSTER_BOOTSTRAP_KEY ?? null,
    encryptionKey: read.MUSTER_ENCRYPTION_KEY ?? null,
    bootstrapKeyFile: read.MUSTER_BOOTSTRAP_KEY_FILE ?? null,
    logLevel: read.MUSTER_LOG_LEVEL,
    demo: read.MUSTER_DEMO === "1",
    supervise: read.MUSTER_SUPERVISE === "1",
    eventArchiveDir: read.MUSTER_EVENT_ARCHIVE_DIR ?? null,
    embeddedDataDir: read.MUSTER_EMBEDDED_DATA_DIR ?? null,
    limits: {
      connectionsPerCredential: read.MUSTER_SOCKETS_PER_CREDENTIAL,
      operationsPerSocket: read.MUSTER_SUBSCRIPTIONS_PER_SOCKET,
      operationsPerSecond: read.MUSTER_OPERATIONS_PER_SECOND,
      messagesPerSecond: read.MUSTER_MESSAGES_PER_SECOND,
      bufferBytes: read.MUSTER_SOCKET_BUFFER_BYTES,
      keepAliveMs: KEEP_ALIVE_MS,
    },
    operations: {
      ...DEFAULT_SETTINGS,
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

function isBareHttpUrl(text: string): boolean {
  const url = URL.parse(text);
  return url?.protocol === "http:" && url.href === `${url.origin}/`;
}
