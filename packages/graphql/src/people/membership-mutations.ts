import { Conflict } from "@muster/domain/errors.ts";
import { changeRole } from "@muster/identity/memberships/change-role.ts";
import { grantRole } from "@muster/identity/memberships/grant-role.ts";
import type { Membership } from "@muster/identity/memberships/membership.ts";
import { revokeRole } from "@muster/identity/memberships/revoke-role.ts";
import { inviteUser } from "@muster/identity/people/invite-user.ts";
import { builder } from "../builder.ts";
import { optionalUuidOf, uuidOf } from "../ids.ts";
import { mutation, successOf } from "../mutation.ts";
import { setPasswordAddress } from "./link-address.ts";
import { MembershipType } from "./membership.ts";
import { RoleEnum } from "./role.ts";

const WORKSPACE = "The workspace in which the role holds; without it and a project, the whole installation.";
const PROJECT = "The project in which the role holds; without it, the whole workspace.";

interface Place {
  readonly workspaceId?: string | null | undefined;
  readonly projectId?: string | null | undefined;
}

const placeOf = ({ workspaceId, projectId }: Place) => ({
  workspaceId: optionalUuidOf("workspace", workspaceId),
  projectId: optionalUuidOf("project", projectId),
});

interface Invited {
  readonly data: Membership;
  readonly link: string | null;
}

mutation("inviteUser", {
  permission: "member.manage",
  description:
    "Gives the person with this e-mail address a role; makes the person when the address is new. There is no mail: hand the link over yourself.",
  input: builder.inputType("InviteUserInput", {
    description: "Whom to invite, to what.",
    fields: (t) => ({
      email: t.string({ required: true, description: "Their e-mail address, which they sign in with." }),
      name: t.string({ description: "Their name, when they are new; what stands before the @ without." }),
      workspaceId: t.id({ description: WORKSPACE }),
      projectId: t.id({ description: PROJECT }),
      role: t.field({
        type: RoleEnum,
        required: true,
        description: "Their role there: none that holds what you lack.",
      }),
    }),
  }),
  success: builder.objectRef<Invited>("InviteUserSuccess").implement({
    description: "inviteUser did what was asked.",
    fields: (t) => ({
      data: t.field({ type: MembershipType, description: "The role.", resolve: (invited) => invited.data }),
      link: t.exposeString("link", {
        nullable: true,
        description:
          "Where they choose their password, within 7 days, once: shown this once. A path where Muster does not know its own address. Null for somebody who can sign in already, or has roles elsewhere that you could not give.",
      }),
    }),
  }),
  errors: [Conflict],
  resolve: async ({ email, name, role, ...place }, { installation: runtime, caller }) => {
    const { membership, token } = await inviteUser(runtime, caller, { email, name, role, ...placeOf(place) });
    return { data: membership, link: token === null ? null : setPasswordAddress(runtime, token) };
  },
});

mutation("grantRole", {
  permission: "member.manage",
  description: "Gives a person a role in a project, a workspace or the whole installation.",
  input: builder.inputType("GrantRoleInput", {
    description: "Who gets which role where.",
    fields: (t) => ({
      userId: t.id({ required: true, description: "The person." }),
      workspaceId: t.id({ description: WORKSPACE }),
      projectId: t.id({ description: PROJECT }),
      role: t.field({ type: RoleEnum, required: true, description: "The role: none that holds what you lack." }),
    }),
  }),
  success: successOf("grantRole", MembershipType),
  errors: [Conflict],
  resolve: async ({ userId, role, ...place }, { installation: runtime, caller }) => ({
    data: await grantRole(runtime, caller, { userId: uuidOf("user", userId), role, ...placeOf(place) }),
  }),
});

mutation("changeRole", {
  permission: "member.manage",
  description: "Gives a person another role in the same place.",
  input: builder.inputType("ChangeRoleInput", {
    description: "Which role becomes which.",
    fields: (t) => ({
      membershipId: t.id({ required: true, description: "The role that they have." }),
      role: t.field({ type: RoleEnum, required: true, description: "The role that they get." }),
      expectedVersion: t.int({ description: "Refused unless this is its version." }),
    }),
  }),
  success: successOf("changeRole", MembershipType),
  errors: [Conflict],
  resolve: async ({ membershipId, ...input }, { installation: runtime, caller }) => ({
    data: await changeRole(runtime, caller, { ...input, membershipId: uuidOf("membership", membershipId) }),
  }),
});

mutation("revokeRole", {
  permission: "member.manage",
  description: "Takes a person's role away, and answers with it as it was.",
  input: builder.inputType("RevokeRoleInput", {
    description: "Which role to take away.",
    fields: (t) => ({
      membershipId: t.id({ required: true, description: "The role." }),
      reason: t.string({ description: "Why, for the log." }),
    }),
  }),
  success: successOf("revokeRole", MembershipType),
  resolve: async ({ membershipId, reason }, { installation: runtime, caller }) => ({
    data: await revokeRole(runtime, caller, { membershipId: uuidOf("membership", membershipId), reason }),
  }),
});
