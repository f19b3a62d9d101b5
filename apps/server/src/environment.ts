import { parseEncryptionKey } from "@muster/database/sealed-secret.ts";
import { ROLES } from "@muster/domain/roles.ts";
import { DEFAULT_SETTINGS } from "@muster/operations/settings.ts";
import { parseNetworks } from "@muster/operations/webhooks/allowed-networks.ts";
import { z } from "zod";

/** Those that hold a secret, which can come as a file too: its path is in `NAME_FILE`. */
export const SECRETS = [
  "DATABASE_URL",
  "DATABASE_DIRECT_URL",
  "MUSTER_ENCRYPTION_KEY",
  "MUSTER_PREVIOUS_ENCRYPTION_KEYS",
  "MUSTER_OIDC_CLIENT_SECRET",
] as const;

const milliseconds = z.coerce.number().int().min(50).max(86_400_000);

const encryptionKey = z.string().transform((text, context) => {
  const key = parseEncryptionKey(text);
  if (key === null) context.addIssue({ code: "custom", message: "must be 32 bytes in base64" });
  return key ?? z.NEVER;
});

const networks = z
  .string()
  .default("")
  .transform((text, context) => {
    try {
      return parseNetworks(text.split(/[\s,]+/).filter(Boolean));
    } catch (error) {
      context.addIssue({ code: "custom", message: (error as Error).message });
      return z.NEVER;
    }
  });

/** The variables of the environment that a server reads. */
export const Environment = z.object({
  MUSTER_ENV: z.enum(["development", "production"]).default("development"),
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
  MUSTER_ROW_SECURITY: z.enum(["on", "off"]).default("on"),
  MUSTER_SESSION_DAYS: z.coerce.number().int().min(1).max(365).default(30),
  MUSTER_SESSION_IDLE_DAYS: z.coerce.number().int().min(1).max(365).default(7),
  MUSTER_SIGN_IN_ATTEMPTS_PER_ACCOUNT: z.coerce.number().int().min(1).max(1_000).default(5),
  MUSTER_SIGN_IN_ATTEMPTS_PER_ADDRESS: z.coerce.number().int().min(1).max(100_000).default(20),
  MUSTER_SIGN_IN_WINDOW_MINUTES: z.coerce.number().int().min(1).max(1_440).default(15),
  MUSTER_SOCKETS_PER_CREDENTIAL: z.coerce.number().int().min(1).max(1_000_000).default(2_000),
  MUSTER_SUBSCRIPTIONS_PER_SOCKET: z.coerce.number().int().min(1).max(100_000).default(200),
  MUSTER_OPERATIONS_PER_SECOND: z.coerce.number().int().min(1).max(1_000_000).default(5_000),
  MUSTER_MESSAGES_PER_SECOND: z.coerce.number().int().min(1).max(1_000_000).default(2_000),
  MUSTER_REQUESTS_PER_SECOND_PER_ADDRESS: z.coerce.number().int().min(1).max(10_000_000).default(20_000),
  MUSTER_REFUSALS_PER_SECOND_PER_ADDRESS: z.coerce.number().int().min(1).max(1_000_000).default(20),
  MUSTER_STRANGERS_PER_ADDRESS: z.coerce.number().int().min(1).max(1_000_000).default(1_000),
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
  MUSTER_ENCRYPTION_KEY: encryptionKey.optional(),
  MUSTER_PREVIOUS_ENCRYPTION_KEYS: z
    .string()
    .default("")
    .transform((text) => text.split(/[\s,]+/).filter(Boolean))
    .pipe(z.array(encryptionKey)),
  MUSTER_WEBHOOK_ALLOWED_NETWORKS: networks,
  MUSTER_PUBLIC_URL: z
    .string()
    .refine(isOrigin, "must be an address such as https://muster.example.com, without a path")
    .optional(),
  MUSTER_TRUSTED_PROXIES: networks,
  MUSTER_ALLOWED_ORIGINS: z
    .string()
    .default("")
    .transform((text) => text.split(/[\s,]+/).filter(Boolean))
    .pipe(z.array(z.string().refine(isOrigin, "must be origins such as https://tools.example.com, without a path"))),
  MUSTER_OPERATIONS: z.enum(["all", "persisted"]).default("all"),
  MUSTER_INTROSPECTION: z.enum(["0", "1"]).default("1"),
  MUSTER_TLS_CERT_FILE: z.string().min(1).optional(),
  MUSTER_TLS_KEY_FILE: z.string().min(1).optional(),
  MUSTER_TLS_CLIENT_CA_FILE: z.string().min(1).optional(),
  MUSTER_OIDC_ISSUER: z
    .string()
    .regex(/^https?:\/\/[^\s?#]+$/, "must be an https:// URL")
    .optional(),
  MUSTER_OIDC_CLIENT_ID: z.string().min(1).optional(),
  MUSTER_OIDC_CLIENT_SECRET: z.string().min(1).optional(),
  MUSTER_OIDC_NAME: z.string().min(1).max(60).default("Single sign-on"),
  MUSTER_OIDC_DEFAULT_ROLE: z.enum(ROLES).optional(),
});

function isBareHttpUrl(text: string): boolean {
  const url = URL.parse(text);
  return url?.protocol === "http:" && url.href === `${url.origin}/`;
}

function isOrigin(text: string): boolean {
  const url = URL.parse(text);
  return (url?.protocol === "https:" || url?.protocol === "http:") && url.origin === text;
}
