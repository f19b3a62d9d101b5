import { formatId } from "@muster/domain/ids.ts";
import { type AuditCredential, readCredentials } from "@muster/identity/audit/audit-credentials.ts";
import type { AuditEntry } from "@muster/identity/audit/audit-queries.ts";
import { beforeAndAfter } from "@muster/identity/audit/before-and-after.ts";
import { ActorType } from "../actors.ts";
import { builder } from "../builder.ts";
import { EventInterface } from "../events/event.ts";
import { nestedField } from "../nested-list.ts";

const CredentialKindEnum = builder.enumType("AuditCredentialKind", {
  description: "With what something was done.",
  values: {
    API_KEY: { description: "An API key." },
    SESSION: { description: "A browser that was signed in." },
  } satisfies Record<AuditCredential["kind"], { description: string }>,
});

const CredentialType = builder.objectRef<AuditCredential>("AuditCredential").implement({
  permission: "audit.read",
  description: "The API key or session with which something was done.",
  fields: (t) => ({
    id: t.id({
      description: "Its id, key_… or sess_….",
      resolve: ({ kind, id }) => formatId(kind === "API_KEY" ? "apiKey" : "session", id),
    }),
    kind: t.field({ type: CredentialKindEnum, description: "What it is.", resolve: (credential) => credential.kind }),
    name: t.exposeString("name", {
      nullable: true,
      description: "The key's name, or the browser as it calls itself; null when that is not known.",
    }),
  }),
});

const credentialOf = nestedField(({ installation: runtime }, ids) => readCredentials(runtime.database, ids));

export const AuditEntryType = builder.objectRef<AuditEntry>("AuditEntry").implement({
  permission: "audit.read",
  description: "Something that has happened, with who did it, with what, from where, and what it changed.",
  fields: (t) => ({
    event: t.field({ type: EventInterface, description: "What has happened.", resolve: ({ event }) => event as never }),
    actor: t.field({
      type: ActorType,
      description: "Who did it.",
      resolve: ({ event }) => ({ kind: event.actorKind, id: event.actorId, name: event.actorName }),
    }),
    credential: t.field({
      type: CredentialType,
      nullable: true,
      description: "With what; null for what Muster does by itself.",
      resolve: ({ event }, _arguments, context) =>
        event.credentialId === null ? null : credentialOf(event.credentialId, {}, context),
    }),
    address: t.string({
      nullable: true,
      description: "The IP address that the request came from; null for what Muster does by itself.",
      resolve: ({ event }) => event.address,
    }),
    before: t.field({
      type: "JSON",
      nullable: true,
      description: "What was changed, as it was before, without secrets; null when nothing was.",
      resolve: ({ event }) => beforeAndAfter(event).before as never,
    }),
    after: t.field({
      type: "JSON",
      nullable: true,
      description: "What was changed, as it is since, without secrets; null when nothing was.",
      resolve: ({ event }) => beforeAndAfter(event).after as never,
    }),
    sealed: t.exposeBoolean("sealed", {
      description:
        "Whether it is in the chain of hashes by now, so that no change of it goes unnoticed. That takes about a second.",
    }),
  }),
});
