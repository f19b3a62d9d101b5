import type { Connection } from "@muster/database/database.ts";
import { DEFAULT_SETTINGS, type OperationSettings } from "@muster/operations/settings.ts";

/** What an operator has set about credentials. */
export interface AuthenticationPolicy {
  /** Whose tokens are taken. */
  readonly tokenIssuer: string;
  /** A session that is not used for so long has ended. */
  readonly idleMs: number;
}

const policies = new WeakMap<Connection, AuthenticationPolicy>();
const DEFAULT_POLICY = policyIn(DEFAULT_SETTINGS);

/** From now on credentials of this database are judged by these settings; before, by the default ones. */
export function judgeBy(database: Connection, settings: OperationSettings): void {
  policies.set(database, policyIn(settings));
}

/** How credentials of this database are judged. */
export function policyOf(database: Connection): AuthenticationPolicy {
  return policies.get(database) ?? DEFAULT_POLICY;
}

function policyIn({ tokenIssuer, signIn }: OperationSettings): AuthenticationPolicy {
  return { tokenIssuer, idleMs: signIn.idleMs };
}
