import { formatApiKey } from "@muster/domain/api-key.ts";
import { randomBytes } from "node:crypto";
import { v7 } from "uuid";

/** The text of a new admin API key. It works once it is stored: `ensureBootstrapKey`. */
export function newAdminKey(): string {
  return formatApiKey("admin", v7(), randomBytes(32));
}
