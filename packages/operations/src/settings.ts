import type { EncryptionKey } from "@muster/database/sealed-secret.ts";
import { DEFAULT_SIGN_IN_SETTINGS, type SignInSettings } from "./sign-in-settings.ts";
import { DEFAULT_WEBHOOK_SETTINGS, type WebhookSettings } from "./webhooks/webhook-settings.ts";

/** What an operator of Muster can set about the operations. Times in milliseconds, unless they say otherwise. */
export interface OperationSettings {
  /** How long an agent holds a task without a sign of life. */
  readonly leaseMs: number;
  /** An agent without a heartbeat for this long is lost. */
  readonly heartbeatTimeoutMs: number;
  /** A task that was assigned has to be started within this time. */
  readonly startTimeoutMs: number;
  /** So many offers in a row not started in time mean that the assignment channel is broken. */
  readonly missedOffersLimit: number;
  /** An agent has to come up within this time. */
  readonly deployTimeoutMs: number;
  /** How long a cancelled run may take to end by itself. */
  readonly cancelGraceMs: number;
  /** Agents have to confirm a rollback within this time. */
  readonly rollbackTimeoutMs: number;
  /** Largest task input, task output and context data, in bytes of JSON. */
  readonly maxJsonBytes: number;
  /** Most targets of one bulk job. */
  readonly maxBulkTargets: number;
  /** For so many days events are kept; null: for ever. */
  readonly eventRetentionDays: number | null;
  /** For so long after a task's end its output and chunks are kept, unless it says otherwise; null: for ever. */
  readonly resultTtlMs: number | null;
  /** What seals secrets in the database; null: what needs it cannot be made. */
  readonly encryptionKey: EncryptionKey | null;
  /** Who short-lived tokens say they are from, and what they are for unless they name something else: the address of Muster. */
  readonly tokenIssuer: string;
  /** The origin under which people reach Muster; null: not known. */
  readonly publicUrl: string | null;
  readonly signIn: SignInSettings;
  readonly webhooks: WebhookSettings;
}

export const DEFAULT_SETTINGS: OperationSettings = {
  leaseMs: 30_000,
  heartbeatTimeoutMs: 30_000,
  startTimeoutMs: 10_000,
  missedOffersLimit: 3,
  deployTimeoutMs: 60_000,
  cancelGraceMs: 15_000,
  rollbackTimeoutMs: 60_000,
  maxJsonBytes: 1_048_576,
  maxBulkTargets: 1_000_000,
  eventRetentionDays: null,
  resultTtlMs: null,
  encryptionKey: null,
  tokenIssuer: "muster",
  publicUrl: null,
  signIn: DEFAULT_SIGN_IN_SETTINGS,
  webhooks: DEFAULT_WEBHOOK_SETTINGS,
};
