import type { Connection } from "@muster/database/database.ts";
import { statement } from "@muster/database/statement.ts";
import { InvalidInput } from "@muster/domain/errors.ts";

const lock = statement<object>(`
  select from memberships m where m.workspace_id is null and m.role = 'ADMIN' order by m.id for update`);

/**
 * Locks who is admin of the installation until the transaction ends. The statements that follow see what those have done who held
 * the lock before: of two admins who take each other's role at once, one keeps theirs.
 */
export async function lockInstallationAdmins(transaction: Connection): Promise<void> {
  await transaction.run(lock, []);
}

/** SQL: whether somebody else than the person `userId` (SQL) is admin of the installation and may sign in. */
export function anotherAdmin(userId: string): string {
  return `exists (
    select from memberships o join users x on x.id = o.user_id
    where o.workspace_id is null and o.role = 'ADMIN' and o.user_id <> ${userId} and x.disabled_at is null)`;
}

export function lastAdmin(path: string): InvalidInput {
  const message = "This is the last admin of the installation. Make somebody else one first.";
  return new InvalidInput([{ path: [path], message }]);
}
