import type { Connection } from "@muster/database/database.ts";
import { statement } from "@muster/database/statement.ts";
import { LimitExceeded } from "@muster/domain/errors.ts";
import type { Runtime } from "@muster/operations/runtime.ts";
import { createHash } from "node:crypto";
import { isIPv6 } from "node:net";

interface Attempt {
  readonly count: number;
  readonly retryAfterMs: number;
}

// Counts and answers at once: the row's lock orders those who try at the same time, on whichever server. What is over is
// removed, but never the row that is counted: a statement may change a row only once.
const countAttempt = statement<Attempt>(`
  with removed as (
    delete from attempt_limits where key in (
      select key from attempt_limits where ends_at < clock_timestamp() and key <> $1
      order by ends_at limit 100 for update skip locked))
  insert into attempt_limits as l (key, count, ends_at)
  values ($1, 1, clock_timestamp() + make_interval(secs => $2::float8 / 1000))
  on conflict (key) do update set
    count = case when l.ends_at <= clock_timestamp() then 1 else least(l.count + 1, 1000000) end,
    ends_at = case when l.ends_at <= clock_timestamp() then excluded.ends_at else l.ends_at end
  returning count, ceil(extract(epoch from ends_at - clock_timestamp()) * 1000)::int as "retryAfterMs"`);

/** One attempt too many. `isFirst`: the first such of its window, and so worth an event. */
export class AttemptRefused extends LimitExceeded {
  // Not a field: clients get those.
  readonly #isFirst: boolean;
  constructor(limit: string, message: string, retryAfterMs: number, isFirst: boolean) {
    super(limit, message, retryAfterMs);
    this.name = "LimitExceeded";
    this.#isFirst = isFirst;
  }

  get isFirst(): boolean {
    return this.#isFirst;
  }
}

/** Counts a sign-in from this address, of any account. Throws `AttemptRefused` when there were too many. */
export async function admitAddress(runtime: Runtime, address: string | null): Promise<void> {
  const { attemptsPerAddress } = runtime.settings.signIn;
  await admit(runtime, "address", `sign-in address ${networkOf(address)}`, attemptsPerAddress, "from this address");
}

/** Counts an attempt to prove to be this account's owner. Throws `AttemptRefused` when there were too many. */
export async function admitAccount(runtime: Runtime, key: string): Promise<void> {
  await admit(runtime, "account", key, runtime.settings.signIn.attemptsPerAccount, "for this account");
}

/** What attempts on an account are counted under. An address that nobody has is counted like one that somebody has. */
export function accountKey(account: { readonly userId: string } | { readonly email: string }): string {
  if ("userId" in account) return `sign-in account ${account.userId}`;
  return `sign-in account ${createHash("sha256").update(account.email.toLowerCase()).digest("base64url")}`;
}

const deleteAttempts = statement<never>("delete from attempt_limits where key = $1");

/** Begins a new count: whoever tried has shown who they are. */
export async function clearAttempts(database: Connection, key: string): Promise<void> {
  await database.run(deleteAttempts, [key]);
}

/** Whether another refusal from this address is still written to the log: so many in one window as it may try. */
export async function isWorthAnEvent(runtime: Runtime, address: string | null): Promise<boolean> {
  const { attemptWindowMs, attemptsPerAddress } = runtime.settings.signIn;
  const key = `refused sign-in ${networkOf(address)}`;
  const [attempt] = await runtime.database.run(countAttempt, [key, attemptWindowMs]);
  return attempt !== undefined && attempt.count <= attemptsPerAddress;
}

async function admit(runtime: Runtime, name: string, key: string, limit: number, whose: string): Promise<void> {
  const { attemptWindowMs } = runtime.settings.signIn;
  const [attempt] = await runtime.database.run(countAttempt, [key, attemptWindowMs]);
  if (!attempt || attempt.count <= limit) return;
  const { retryAfterMs } = attempt;
  const minutes = Math.ceil(retryAfterMs / 60_000);
  const message = `Too many attempts to sign in ${whose}. Try again in ${minutes === 1 ? "a minute" : `${minutes} minutes`}.`;
  throw new AttemptRefused(`signIn.${name}`, message, retryAfterMs, attempt.count === limit + 1);
}

/** Whoever has one IPv6 address has its whole /64. */
function networkOf(address: string | null): string {
  if (address === null || !isIPv6(address)) return address ?? "unknown";
  const [head = "", tail] = address.split("::");
  const groups = head.split(":").filter(Boolean);
  const after = tail?.split(":").filter(Boolean) ?? [];
  const all =
    tail === undefined ? groups : [...groups, ...Array<string>(8 - groups.length - after.length).fill("0"), ...after];
  return `${all
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(":")}::/64`;
}
