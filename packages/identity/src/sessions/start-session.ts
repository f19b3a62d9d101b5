import { statement } from "@muster/database/statement.ts";
import { type Runtime, write } from "@muster/operations/runtime.ts";
import {
  HOLDER_OF_USER,
  sessionStart,
  type SignInOrigin,
  type SignInWay,
  type StartedRow,
  type StartedSession,
  startValues,
} from "./session-start.ts";

const startForUser = statement<StartedRow>(`
  with signed as (
    update users u set last_signed_in_at = clock_timestamp() where u.id = $8 and u.disabled_at is null and ($9::int is null or u.version = $9)
    returning u.*),
  holder as (select ${HOLDER_OF_USER} from signed u),
  ${sessionStart()}`);

/**
 * Starts a session for a person who has shown elsewhere who they are. Null when there is no such person, they are disabled, or they have
 * changed since `version`.
 */
export async function startSession(
  runtime: Runtime,
  { userId, by, version }: { readonly userId: string; readonly by: SignInWay; readonly version?: number },
  origin: SignInOrigin,
): Promise<StartedSession | null> {
  const { values, started } = startValues(runtime, by, origin);
  const [row] = await write(runtime, startForUser, [...values, userId, version ?? null]);
  return row ? started(row) : null;
}
