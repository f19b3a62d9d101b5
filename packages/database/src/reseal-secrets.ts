import { sql } from "drizzle-orm";
import type { Connection } from "./database.ts";
import { SEALED_COLUMNS, type SealedColumn } from "./sealed-columns.ts";
import { type EncryptionKey, openSecret, sealPrefix, sealSecret } from "./sealed-secret.ts";

const BATCH = 200;

/** What one run of `resealSecrets` came upon. */
export interface Resealed {
  /** So many were sealed by an older key, and now are by the newest. */
  readonly resealed: number;
  /** So many none of the keys opens. */
  readonly unopened: number;
}

/**
 * Seals every secret of the database with the newest of the keys that another one of them has sealed. Any number of servers may do so at
 * once, beside whoever changes the secrets: what was changed meanwhile is left as it is.
 */
export async function resealSecrets(connection: Connection, key: EncryptionKey): Promise<Resealed> {
  const results: Resealed[] = [];
  for (const column of SEALED_COLUMNS) results.push(await resealColumn(connection, key, column));
  const sum = (of: keyof Resealed) => results.reduce((total, result) => total + result[of], 0);
  return { resealed: sum("resealed"), unopened: sum("unopened") };
}

async function resealColumn(connection: Connection, key: EncryptionKey, column: SealedColumn): Promise<Resealed> {
  const [table, secret] = [sql.identifier(column.table), sql.identifier(column.column)];
  let [resealed, unopened] = [0, 0];
  let after: string | null = null;
  for (;;) {
    const found: { id: string; sealed: string }[] = await connection.query(sql`
      select id, ${secret} as sealed from ${table}
      where ${secret} is not null and not starts_with(${secret}, ${sealPrefix(key)}) and (${after}::uuid is null or id > ${after}::uuid)
      order by id limit ${BATCH}`);
    for (const { id, sealed } of found) {
      const anew = sealedAnew(key, id, sealed);
      if (anew === null) unopened += 1;
      else {
        const changed = await connection.query(
          sql`update ${table} set ${secret} = ${anew} where id = ${id}::uuid and ${secret} = ${sealed} returning id`,
        );
        resealed += changed.length;
      }
    }
    after = found.at(-1)?.id ?? after;
    if (found.length < BATCH) return { resealed, unopened };
  }
}

function sealedAnew(key: EncryptionKey, owner: string, sealed: string): string | null {
  try {
    return sealSecret(key, owner, openSecret(key, owner, sealed));
  } catch {
    // Of a key that is not among them, damaged, or of another row.
    return null;
  }
}
