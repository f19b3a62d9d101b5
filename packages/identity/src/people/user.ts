import { rowColumns } from "@muster/database/row-columns.ts";
import { users } from "@muster/database/tables/users.ts";

const SECRET = ["passwordHash", "totpSecret", "totpLastStep", "totpEnabledAt"] as const;

/** A person, without what only their sign-in needs. */
export type User = Omit<typeof users.$inferSelect, (typeof SECRET)[number]> & {
  readonly hasPassword: boolean;
  readonly totpEnabled: boolean;
};

/** The select list that turns the row `alias` into a `User`. */
export function userColumns(alias: string): string {
  return `${rowColumns(users, alias, SECRET)}, ${alias}.password_hash is not null as "hasPassword",
    ${alias}.totp_enabled_at is not null as "totpEnabled"`;
}
