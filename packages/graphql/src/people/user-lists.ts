import type { PageArguments } from "@muster/domain/page.ts";
import { listRolesOf } from "@muster/identity/memberships/membership-queries.ts";
import { listUsers } from "@muster/identity/people/user-queries.ts";
import { listSessions } from "@muster/identity/sessions/session-queries.ts";
import { builder } from "../builder.ts";
import { connectionOf } from "../connection.ts";
import { nestedList } from "../nested-list.ts";
import { MembershipConnection, MembershipType } from "./membership.ts";
import { SessionType } from "./session.ts";
import { UserType } from "./user.ts";

const UserFilterInput = builder.inputType("UserFilter", {
  description: "Which people.",
  fields: (t) => ({
    search: t.string({ description: "Only those whose name or e-mail address holds this." }),
    disabled: t.boolean({ description: "Only those who are kept out, or only those who are not." }),
  }),
});

const UserConnection = builder.connectionObject(
  { type: UserType, name: "UserConnection", description: "A page of people." },
  { name: "UserEdge", description: "A person in a page." },
);

builder.queryField("users", (t) =>
  t.connection(
    {
      type: UserType,
      permission: "user.manage",
      description: "Everybody in the installation, by name.",
      args: { filter: t.arg({ type: UserFilterInput, description: "Which people; all without." }) },
      resolve: async (_root, { filter, ...page }, { installation: runtime, caller }) =>
        connectionOf(await listUsers(runtime, caller, { filter, page })),
    },
    UserConnection,
  ),
);

const rolesOf = nestedList(({ installation: runtime, caller }, userIds, page: PageArguments) =>
  listRolesOf(runtime, caller, userIds, page),
);

builder.objectField(UserType, "memberships", (t) =>
  t.connection(
    {
      type: MembershipType,
      description: "Their roles, oldest first: all of your own, of others those that you may see.",
      resolve: (user, page, context) => rolesOf(user.id, page, context),
    },
    MembershipConnection,
  ),
);

const SessionConnection = builder.connectionObject(
  { type: SessionType, name: "SessionConnection", description: "A page of browsers that are signed in." },
  { name: "SessionEdge", description: "A browser that is signed in, in a page." },
);

const sessionsOf = nestedList(({ installation: runtime, caller }, userIds, page: PageArguments) =>
  listSessions(runtime, caller, userIds, page),
);

builder.objectField(UserType, "sessions", (t) =>
  t.connection(
    {
      type: SessionType,
      description: "The browsers in which they are signed in, newest first: your own, or with user.manage; else none.",
      resolve: (user, page, context) => sessionsOf(user.id, page, context),
    },
    SessionConnection,
  ),
);
