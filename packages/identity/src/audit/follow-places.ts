import { actingWith, type Caller, mayIn } from "@muster/domain/actor.ts";
import { Forbidden, InvalidInput, NotFound } from "@muster/domain/errors.ts";
import type { Permission } from "@muster/domain/permissions.ts";
import type { Feed } from "@muster/events/feed.ts";
import type { Visible } from "@muster/events/filter.ts";
import type { Frame } from "@muster/events/frame.ts";
import { subscribe } from "@muster/events/subscribe.ts";
import { getWorkspaces } from "@muster/operations/projects/project-queries.ts";
import type { Runtime } from "@muster/operations/runtime.ts";
import { lackingIn } from "../api-keys/key-reach.ts";
import { personOf } from "../people/visible-users.ts";
import { type AuditFilterInput, parseAuditFilter } from "./audit-filter.ts";

/** What a permission lets its holder hear of: types of events, or how they begin; null: all. */
type Heard = Readonly<Partial<Record<Permission, readonly string[] | null>>>;

const KEY_CHANGES = ["api_key.created", "api_key.rotated", "api_key.revoked"];

/** Whoever may list roles or keys may hear that they change; all else is for readers of the audit log. */
const HEARD_IN_WORKSPACE = {
  "audit.read": null,
  "member.read": ["membership."],
  "key.read": KEY_CHANGES,
  // Which make and end keys of agents. A project's own feed tells of them, too.
  "event.read": ["agent.registered", "agent.key_rotated"],
} as const satisfies Heard;

const HEARD_IN_INSTALLATION = {
  "audit.read": null,
  "user.manage": ["user.", "session.", "membership."],
  "key.manage": KEY_CHANGES,
} as const satisfies Heard;

interface Following {
  readonly filter?: AuditFilterInput | null;
  /** Begin right after this cursor; without it, at the present. */
  readonly after?: string | null;
}

/**
 * What happens in a workspace and its projects, as far as the caller may know of it there, as `subscribe` delivers it. Throws `NotFound`
 * without the workspace, `Forbidden` when the caller may know nothing of it, `InvalidInput` for a filter that cannot be.
 */
export async function followWorkspace(
  runtime: Runtime,
  caller: Caller,
  feed: Feed,
  { workspaceId, filter, after }: Following & { readonly workspaceId: string },
): Promise<AsyncIterableIterator<Frame>> {
  const wanted = parseAuditFilter(filter);
  const [workspace] = await getWorkspaces(runtime, caller, [workspaceId]);
  if (!workspace) throw new NotFound("workspace");
  const visible = visibleIn(HEARD_IN_WORKSPACE, (permission) => projectsWith(caller, permission, workspaceId));
  return subscribe(feed, { place: { workspaceId }, filter: { ...wanted, visible }, after: after ?? null });
}

/**
 * What happens outside of all workspaces, or anywhere at all, as far as the caller may know of it. Throws `Forbidden` when that is
 * nothing, `InvalidInput` for a filter that cannot be.
 */
export function followInstallation(
  caller: Caller,
  feed: Feed,
  { everywhere, filter, after }: Following & { readonly everywhere: boolean },
): AsyncIterableIterator<Frame> {
  const wanted = parseAuditFilter(filter);
  const whole = { workspaceId: null, projectId: null };
  const visible = visibleIn(HEARD_IN_INSTALLATION, (permission) =>
    lackingIn(caller.actor, [permission], whole) === null ? "ALL" : null,
  );
  const place = everywhere ? "everywhere" : "installation";
  return subscribe(feed, { place, filter: { ...wanted, visible }, after: after ?? null });
}

/** What happens to the account of the person who asks, and to their sessions. Throws `InvalidInput` for programs and agents: they have none. */
export function followAccount(caller: Caller, feed: Feed, after: string | null): AsyncIterableIterator<Frame> {
  const userId = personOf(caller);
  if (userId === null) {
    throw new InvalidInput([{ path: [], message: "Only people have an account: sign in as a person." }]);
  }
  return subscribe(feed, { place: { userId }, after });
}

/** "ALL" also has what belongs to no project. */
type Reached = "ALL" | readonly string[] | null;

/** Null: all. Throws `Forbidden` when it is nothing. */
function visibleIn(heard: Heard, reachedWith: (permission: Permission) => Reached): readonly Visible[] | null {
  const visible = (Object.entries(heard) as [Permission, readonly string[] | null][]).flatMap(([permission, types]) => {
    const reached = reachedWith(permission);
    return reached === null ? [] : [{ types, projects: reached === "ALL" ? null : reached }];
  });
  if (visible.length === 0) throw new Forbidden("audit.read");
  return visible.some(({ types, projects }) => types === null && projects === null) ? null : visible;
}

/** Where in the workspace the caller may use the permission. */
function projectsWith({ actor }: Caller, permission: Permission, workspaceId: string): Reached {
  if (mayIn(actor, permission, workspaceId, null)) return "ALL";
  const { permissions, reach } = actingWith(actor, permission);
  const reaches = permissions.has(permission) && (reach.workspaceIds?.includes(workspaceId) ?? true);
  return reaches && reach.projectIds !== null ? reach.projectIds : null;
}
