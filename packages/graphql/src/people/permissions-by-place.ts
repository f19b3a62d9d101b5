import type { Actor } from "@muster/domain/actor.ts";
import { type Permission, PERMISSIONS } from "@muster/domain/permissions.ts";
import { mayAt } from "@muster/identity/memberships/grantable-roles.ts";
import type { Place } from "@muster/identity/memberships/place.ts";
import { builder } from "../builder.ts";
import { ProjectType } from "../projects/project.ts";
import { ViewerType } from "../projects/project-roots.ts";
import { WorkspaceType } from "../projects/workspace.ts";
import { rightsMark } from "./rights-mark.ts";

builder.objectField(ProjectType, "permissions", (t) =>
  t.stringList({
    description: "What the viewer may do with what is in this project, as subject.verb.",
    resolve: ({ workspaceId, id }, _arguments, { caller }) => heldAt(caller.actor, { workspaceId, projectId: id }),
  }),
);

builder.objectField(WorkspaceType, "permissions", (t) =>
  t.stringList({
    description:
      "What the viewer may do with the workspace as a whole, as subject.verb. A role in one of its projects gives none.",
    resolve: ({ id }, _arguments, { caller }) => heldAt(caller.actor, { workspaceId: id, projectId: null }),
  }),
);

builder.objectFields(ViewerType, (t) => ({
  installationPermissions: t.stringList({
    description: "What these credentials may do with the installation as a whole, as subject.verb.",
    resolve: ({ actor }) => heldAt(actor, { workspaceId: null, projectId: null }),
  }),
  rights: t.string({
    description:
      "Another one when what these credentials may do has changed. A WebSocket says the same in the payload of its `connection_ack`.",
    resolve: rightsMark,
  }),
}));

function heldAt(actor: Actor, place: Place): readonly Permission[] {
  return PERMISSIONS.filter((permission) => mayAt(actor, permission, place));
}
