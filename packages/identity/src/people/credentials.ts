import type { Connection } from "@muster/database/database.ts";
import { statement } from "@muster/database/statement.ts";

/** What is known of a person for their sign-in. Never to leave this package. */
export interface Credentials {
  readonly userId: string;
  readonly email: string | null;
  readonly name: string;
  readonly passwordHash: string | null;
  /** Sealed, for the person's id. */
  readonly totpSecret: string | null;
  readonly totpEnabled: boolean;
  readonly isDisabled: boolean;
  readonly version: number;
  /** By the database's clock. */
  readonly now: Date;
}

const COLUMNS = `u.id as "userId", u.email, u.name, u.password_hash as "passwordHash", u.totp_secret as "totpSecret",
  u.totp_enabled_at is not null as "totpEnabled", u.disabled_at is not null as "isDisabled", u.version, clock_timestamp() as now`;

const byEmail = statement<Credentials>(`select ${COLUMNS} from users u where lower(u.email) = lower($1)`);
const byId = statement<Credentials>(`select ${COLUMNS} from users u where u.id = $1`);
const byLink = statement<Credentials>(`
  select ${COLUMNS} from sign_in_links l join users u on u.id = l.user_id
  where l.hash = $1 and l.purpose in ('INVITATION', 'PASSWORD_RESET') and l.used_at is null and l.expires_at > clock_timestamp()
    and u.disabled_at is null`);

export async function credentialsByEmail(database: Connection, email: string): Promise<Credentials | null> {
  const [found] = await database.run(byEmail, [email]);
  return found ?? null;
}

export async function credentialsById(database: Connection, userId: string): Promise<Credentials | null> {
  const [found] = await database.run(byId, [userId]);
  return found ?? null;
}

/** Of whom the link with this hash lets choose a password, as long as it works. */
export async function credentialsByPasswordLink(database: Connection, hash: string): Promise<Credentials | null> {
  const [found] = await database.run(byLink, [hash]);
  return found ?? null;
}
