import { getTableName } from "drizzle-orm";
import { signingKeys } from "./tables/signing-keys.ts";
import { users } from "./tables/users.ts";
import { webhooks } from "./tables/webhooks.ts";

/** A column that holds what `sealSecret` gave, sealed for the row's id. */
export interface SealedColumn {
  readonly table: string;
  readonly column: string;
}

/** Every sealed column: what has to be sealed anew when the encryption key changes. */
export const SEALED_COLUMNS: readonly SealedColumn[] = [
  { table: getTableName(webhooks), column: webhooks.secret.name },
  { table: getTableName(webhooks), column: webhooks.previousSecret.name },
  { table: getTableName(users), column: users.totpSecret.name },
  { table: getTableName(signingKeys), column: signingKeys.privateKey.name },
];
