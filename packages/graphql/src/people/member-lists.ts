import type { PageArguments } from "@muster/domain/page.ts";
import {
  listInstallationMembers,
  listMembers,
  type MemberFilterInput,
} from "@muster/identity/memberships/membership-queries.ts";
import { builder } from "../builder.ts";
import { connectionOf } from "../connection.ts";
import { optionalUuidOf } from "../ids.ts";
import { nestedList } from "../nested-list.ts";
import { WorkspaceType } from "../projects/workspace.ts";
import { MembershipConnection, MembershipType } from "./membership.ts";
import { RoleEnum } from "./role.ts";

const MemberFilterType = builder.inputType("MemberFilter", {
  description: "Which roles of people.",
  fields: (t) => ({
    project: t.id({ description: "Only those in this project alone." }),
    role: t.field({ type: RoleEnum, description: "Only this role." }),
    search: t.string({ description: "Only of people whose name or e-mail address holds this." }),
  }),
});

interface MembersOf extends PageArguments {
  readonly filter: MemberFilterInput | null;
}

const membersOf = nestedList(({ installation: runtime, caller }, workspaceIds, { filter, ...page }: MembersOf) =>
  listMembers(runtime, caller, workspaceIds, { filter, page }),
);

builder.objectField(WorkspaceType, "members", (t) =>
  t.connection(
    {
      type: MembershipType,
      permission: "member.read",
      description:
        "Who has which role in the workspace and its projects, oldest first. Those of the whole installation are not among them.",
      args: { filter: t.arg({ type: MemberFilterType, description: "Which; all without." }) },
      resolve: (workspace, { filter, ...page }, context) => {
        const { project, ...rest } = filter ?? {};
        return membersOf(
          workspace.id,
          { ...page, filter: { ...rest, projectId: optionalUuidOf("project", project) } },
          context,
        );
      },
    },
    MembershipConnection,
  ),
);

builder.queryField("installationMembers", (t) =>
  t.connection(
    {
      type: MembershipType,
      permission: "user.manage",
      description: "Who has which role in the whole installation, oldest first.",
      resolve: async (_root, page, { installation: runtime, caller }) =>
        connectionOf(await listInstallationMembers(runtime, caller, page)),
    },
    MembershipConnection,
  ),
);
