import type { Connection } from "@muster/database/database.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { Conflict, IllegalTransition, NotFound } from "@muster/domain/errors.ts";
import { allowedActions } from "@muster/domain/lifecycle.ts";
import { ROLLBACK_CHOICES, type RollbackChoice, rollbackLifecycle } from "@muster/domain/rollback-lifecycle.ts";
import type { RollbackState } from "@muster/domain/rollback-state.ts";
import type { OperationSettings } from "../../settings.ts";
import { type Context, lockContext } from "../context-queries.ts";

/** What a person can do about a rollback in this state; nothing about one that has succeeded, or when there was none. */
export function rollbackChoices(state: RollbackState | null): RollbackChoice[] {
  if (state === null) return [];
  const allowed = allowedActions(rollbackLifecycle, state, "operator");
  return ROLLBACK_CHOICES.filter((choice) => allowed.includes(choice));
}

/** When a rollback that is PENDING fails unless its agents have answered; null in every other state. */
export function rollbackDeadline(
  { rollbackState, rollbackSince }: Pick<Context, "rollbackState" | "rollbackSince">,
  { rollbackTimeoutMs }: Pick<OperationSettings, "rollbackTimeoutMs">,
): Date | null {
  if (rollbackState !== "PENDING" || rollbackSince === null) return null;
  return new Date(rollbackSince.getTime() + rollbackTimeoutMs);
}

/**
 * Holds the context's row until the transaction ends, for an action on its last rollback. Throws `NotFound` when there was none,
 * `Conflict` when it did not append `expectedVersion`, and `IllegalTransition` when its state does not allow the action.
 */
export async function lockLastRollback(
  transaction: Connection,
  caller: Caller,
  asked: { readonly contextId: string; readonly expectedVersion: number | null; readonly action: RollbackChoice },
): Promise<Context> {
  const context = await lockContext(transaction, caller, asked.contextId);
  const { rollbackState: state, rollbackVersion: version } = context;
  if (state === null) throw new NotFound("rollback");
  if (asked.expectedVersion !== null && asked.expectedVersion !== version)
    throw new Conflict("the rollback's version", String(asked.expectedVersion), String(version));
  const allowed = rollbackChoices(state);
  if (!allowed.includes(asked.action)) throw new IllegalTransition("rollback", state, asked.action, allowed);
  return context;
}
