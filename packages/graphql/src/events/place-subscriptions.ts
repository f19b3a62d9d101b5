import type { Frame } from "@muster/events/frame.ts";
import { followAccount, followInstallation, followWorkspace } from "@muster/identity/audit/follow-places.ts";
import { AuditFilterType, auditFilterOf } from "../audit/audit-filter.ts";
import { builder } from "../builder.ts";
import { uuidOf } from "../ids.ts";
import { EventFrame } from "./event-subscriptions.ts";

builder.subscriptionFields((t) => {
  const after = t.arg.string({ description: "Continue after this cursor; without it, begin at the present." });
  const filter = t.arg({ type: AuditFilterType, description: "Which events." });
  const resolve = (frame: Frame) => frame;
  return {
    workspaceEvents: t.field({
      type: EventFrame,
      permission: ["audit.read", "member.read", "key.read"],
      description:
        "What happens in a workspace and its projects, as its audit log has it. Who may not read that hears of roles with member.read, and of keys with key.read.",
      args: { workspace: t.arg.id({ required: true, description: "The workspace." }), after, filter },
      subscribe: (_root, given, { runtime, caller, feed, lastEventId }) =>
        followWorkspace(runtime, caller, feed, {
          workspaceId: uuidOf("workspace", given.workspace),
          filter: auditFilterOf(given.filter),
          after: lastEventId ?? given.after ?? null,
        }) as never,
      resolve,
    }),
    installationEvents: t.field({
      type: EventFrame,
      permission: ["audit.read", "user.manage", "key.manage"],
      description:
        "What happens outside of all workspaces: people, their sessions, roles and keys in the installation. Who may not read its audit log hears of people with user.manage, and of keys with key.manage, of the installation.",
      args: {
        after,
        filter,
        everywhere: t.arg.boolean({ defaultValue: false, description: "Also what happens in workspaces." }),
      },
      subscribe: (_root, given, { caller, feed, lastEventId }) =>
        followInstallation(caller, feed, {
          everywhere: given.everywhere ?? false,
          filter: auditFilterOf(given.filter),
          after: lastEventId ?? given.after ?? null,
        }) as never,
      resolve,
    }),
    accountEvents: t.field({
      type: EventFrame,
      permission: { none: "Everybody may hear what happens to their own account." },
      description:
        "What happens to your own account and its sessions. Programs and agents have none. What you may do is told by the connection itself.",
      args: { after },
      subscribe: (_root, given, { caller, feed, lastEventId }) =>
        followAccount(caller, feed, lastEventId ?? given.after ?? null) as never,
      resolve,
    }),
  };
});
