import type { Connection } from "@muster/database/database.ts";
import { statement } from "@muster/database/statement.ts";
import { forgetAnswer } from "./recent-answers.ts";
import { hashToken } from "./token.ts";

const end = statement<never>("update sessions set ended_at = clock_timestamp() where hash = $1 and ended_at is null");

/**
 * Ends the session with this token: in this process at once, elsewhere within a second. Nothing happens when it is
 * unknown or has ended before.
 */
export async function endSession(database: Connection, token: string): Promise<void> {
  const hash = hashToken(token);
  if (hash === null) return;
  await database.run(end, [hash]);
  // After the commit: what was looked up before it may still have found the session.
  forgetAnswer(database, hash);
}
