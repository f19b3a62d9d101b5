import type { PageArguments } from "@muster/domain/page.ts";
import { type AuditPage, listInstallationAudit, listWorkspaceAudit } from "@muster/identity/audit/audit-queries.ts";
import { listCheckpoints } from "@muster/identity/audit/checkpoint-queries.ts";
import { builder } from "../builder.ts";
import { connectionOf } from "../connection.ts";
import { WorkspaceType } from "../projects/workspace.ts";
import { AuditCheckpointType } from "./audit-checkpoint.ts";
import { AuditEntryType } from "./audit-entry.ts";
import { AuditFilterType, auditFilterOf } from "./audit-filter.ts";

const AuditConnection = builder.connectionObject(
  {
    type: AuditEntryType,
    name: "AuditConnection",
    description: "A page of the audit log.",
    fields: (t) => ({
      searchedTo: t.field({
        type: "DateTime",
        nullable: true,
        description:
          "Set when the page is not full because 50,000 entries were looked at for it: up to this time. There may be more behind it: go on from its cursor.",
        resolve: (connection) => (connection as ReturnType<typeof auditConnectionOf>).searchedTo,
      }),
    }),
  },
  { name: "AuditEdge", description: "An entry in a page." },
);

interface Listing extends PageArguments {
  readonly filter?: typeof AuditFilterType.$inferInput | null | undefined;
}

/** Its ends are known also when there is nothing in it. */
function auditConnectionOf(page: AuditPage) {
  const connection = connectionOf(page);
  const { startCursor, endCursor, lookedTo } = page;
  return { ...connection, pageInfo: { ...connection.pageInfo, startCursor, endCursor }, searchedTo: lookedTo };
}

const listingOf = ({ filter, ...page }: Listing) => ({ filter: auditFilterOf(filter), page });

builder.objectField(WorkspaceType, "auditLog", (t) =>
  t.connection(
    {
      type: AuditEntryType,
      description: "What has happened in the workspace and its projects, and who did it, the newest first.",
      args: { filter: t.arg({ type: AuditFilterType, description: "Which entries." }) },
      resolve: async (workspace, listing, { installation: runtime, caller }) =>
        auditConnectionOf(await listWorkspaceAudit(runtime, caller, workspace.id, listingOf(listing))),
    },
    AuditConnection,
  ),
);

builder.queryField("auditLog", (t) =>
  t.connection(
    {
      type: AuditEntryType,
      permission: "audit.read",
      description:
        "What has happened outside of all workspaces, and who did it, the newest first: sign-ins, people, keys of the installation.",
      args: { filter: t.arg({ type: AuditFilterType, description: "Which entries." }) },
      resolve: async (_root, listing, { installation: runtime, caller }) =>
        auditConnectionOf(await listInstallationAudit(runtime, caller, listingOf(listing))),
    },
    AuditConnection,
  ),
);

const AuditCheckpointConnection = builder.connectionObject(
  { type: AuditCheckpointType, name: "AuditCheckpointConnection", description: "A page of checkpoints." },
  { name: "AuditCheckpointEdge", description: "A checkpoint in a page." },
);

builder.objectField(WorkspaceType, "auditCheckpoints", (t) =>
  t.connection(
    {
      type: AuditCheckpointType,
      description: "The signed checkpoints of the workspace's audit log, the newest first.",
      resolve: async (workspace, page, { installation: runtime, caller }) =>
        connectionOf(await listCheckpoints(runtime, caller, workspace.id, page)),
    },
    AuditCheckpointConnection,
  ),
);

builder.queryField("auditCheckpoints", (t) =>
  t.connection(
    {
      type: AuditCheckpointType,
      permission: "audit.read",
      description: "The signed checkpoints of the audit log of what is outside of all workspaces, the newest first.",
      resolve: async (_root, page, { installation: runtime, caller }) =>
        connectionOf(await listCheckpoints(runtime, caller, null, page)),
    },
    AuditCheckpointConnection,
  ),
);
