import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { InvalidInput, NotFound } from "@muster/domain/errors.ts";
import { ROLES } from "@muster/domain/roles.ts";
import { parseInput } from "@muster/operations/input.ts";
import { type Runtime, writeAll } from "@muster/operations/runtime.ts";
import { z } from "zod";
import { visibleUser, visibleUserValues } from "../people/visible-users.ts";
import { forgetCredentials } from "../recent-answers.ts";
import { refuseUngrantable } from "./grantable-roles.ts";
import { insertMembership } from "./insert-membership.ts";
import type { Membership } from "./membership.ts";
import { findPlace } from "./place.ts";

const GrantRole = z.object({
  userId: z.guid(),
  workspaceId: z.guid().nullish(),
  projectId: z.guid().nullish(),
  role: z.enum(ROLES),
});
export type GrantRoleInput = z.input<typeof GrantRole>;

const userById = statement<{ id: string }>(`select u.id from users u where u.id = $1 and ${visibleUser("u", 2)}`);

/**
 * Gives a person whom the caller can see a role in a project, a workspace or (without both) the whole installation. Throws
 * `NotFound`, `Conflict` when they have a role in that very place, `Forbidden` when the role holds what the caller lacks there, and
 * `InvalidInput` for oneself.
 */
export async function grantRole(runtime: Runtime, caller: Caller, input: GrantRoleInput): Promise<Membership> {
  const { userId, role, ...asked } = parseInput(GrantRole, input);
  const granted = await writeAll(runtime, async (transaction) => {
    const place = await findPlace(transaction, caller, "member.manage", asked);
    const [user] = await transaction.run(userById, [userId, ...visibleUserValues(caller)]);
    if (!user) throw new NotFound("user");
    refuseOneself(caller, userId);
    refuseUngrantable(caller.actor, role, place);
    return insertMembership(transaction, caller, { userId, place, role });
  });
  forgetCredentials(runtime.database, [userId]);
  return granted;
}

/** Even what one may do elsewhere one does not give oneself: somebody else has to. Throws `InvalidInput`. */
export function refuseOneself({ actor }: Caller, userId: string): void {
  if (actor.kind !== "USER" || actor.id !== userId) return;
  throw new InvalidInput([{ path: ["role"], message: "Nobody gives themselves more: ask another admin." }]);
}
