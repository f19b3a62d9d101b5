import { formatEventId } from "@muster/domain/ids.ts";
import type { AuditCheckpoint } from "@muster/identity/audit/checkpoint-queries.ts";
import { builder } from "../builder.ts";

export const AuditCheckpointType = builder.objectRef<AuditCheckpoint>("AuditCheckpoint").implement({
  permission: "audit.read",
  description:
    "A signed statement of how far the chain of hashes went, and its hash there. Kept elsewhere, it shows later whether the log was changed.",
  fields: (t) => ({
    position: t.exposeFloat("position", { description: "How many events of the chain it covers, from the first on." }),
    lastEvent: t.id({
      description: "The last event that it covers.",
      resolve: ({ lastEventId }) => formatEventId(lastEventId),
    }),
    hash: t.exposeString("hash", { description: "The chain's hash there, hexadecimal." }),
    createdAt: t.field({ type: "DateTime", description: "When it was signed.", resolve: (one) => one.createdAt }),
    keyId: t.exposeString("keyId", { description: "Which key has signed it: the kid." }),
    signature: t.exposeString("signature", { description: "The whole statement, signed: a compact JWS (EdDSA)." }),
    isCut: t.exposeBoolean("isCut", { description: "Whether retention may have removed what is before it." }),
  }),
});
