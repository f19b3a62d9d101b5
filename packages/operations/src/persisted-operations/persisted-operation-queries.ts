import type { Connection } from "@muster/database/database.ts";
import { statement } from "@muster/database/statement.ts";

const findText = statement<{ text: string }>("select text from persisted_operations where hash = $1");

/** The document with this hash, or null. It belongs to nobody: whoever asks may run what they may run. */
export async function findPersistedOperation(database: Connection, hash: string): Promise<string | null> {
  const [found] = await database.run(findText, [hash]);
  return found?.text ?? null;
}
