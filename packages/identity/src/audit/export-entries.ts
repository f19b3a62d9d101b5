import type { Caller } from "@muster/domain/actor.ts";
import { formatSubjectId } from "@muster/domain/event-subject.ts";
import { formatEventId, formatId, type IdKind } from "@muster/domain/ids.ts";
import type { Runtime } from "@muster/operations/runtime.ts";
import { readCredentials, type AuditCredential } from "./audit-credentials.ts";
import type { AuditFilterInput } from "./audit-filter.ts";
import {
  type AuditEntry,
  type AuditListing,
  type AuditPage,
  listInstallationAudit,
  listWorkspaceAudit,
} from "./audit-queries.ts";
import { beforeAndAfter } from "./before-and-after.ts";

const PAGE = 200;

/** An entry of the audit log as it leaves Muster: public ids, plain values. */
export interface ExportedEntry {
  readonly id: string;
  readonly at: string;
  readonly type: string;
  readonly subject: string;
  readonly subjectVersion: number;
  readonly actor: { readonly kind: string; readonly id: string | null; readonly name: string };
  readonly credential: { readonly kind: string; readonly id: string; readonly name: string | null } | null;
  readonly address: string | null;
  readonly reason: string | null;
  readonly correlation: string | null;
  readonly workspace: string | null;
  readonly project: string | null;
  readonly before: unknown;
  readonly after: unknown;
  readonly payload: unknown;
  readonly sealed: boolean;
}

/**
 * The entries of a workspace's audit log (null: of the installation's) up to now, the oldest first, page by page. Throws
 * `Forbidden` and `InvalidInput` before the first.
 */
export async function* exportEntries(
  runtime: Runtime,
  caller: Caller,
  { workspaceId, filter }: { readonly workspaceId: string | null; readonly filter: AuditFilterInput },
): AsyncGenerator<ExportedEntry[]> {
  // It has to end, however much happens meanwhile.
  const wanted = { ...filter, before: filter.before ?? new Date() };
  let after: string | null = null;
  do {
    const listing: AuditListing = { filter: wanted, page: { first: PAGE, after }, direction: "ASC" };
    const page: AuditPage =
      workspaceId === null
        ? await listInstallationAudit(runtime, caller, listing)
        : await listWorkspaceAudit(runtime, caller, workspaceId, listing);
    const entries = page.edges.map(({ node }) => node);
    const ids = new Set(entries.flatMap(({ event }) => event.credentialId ?? []));
    const credentials = await readCredentials(runtime.database, [...ids]);
    yield entries.map((entry) => exported(entry, credentials));
    after = page.hasNextPage ? page.endCursor : null;
  } while (after !== null);
}

const ACTOR_IDS: Readonly<Record<string, IdKind>> = { USER: "user", AGENT: "agent", API_KEY: "apiKey" };

function exported({ event, sealed }: AuditEntry, credentials: ReadonlyMap<string, AuditCredential>): ExportedEntry {
  const credential = event.credentialId === null ? undefined : credentials.get(event.credentialId);
  return {
    id: formatEventId(event.id),
    at: event.at.toISOString(),
    type: event.type,
    subject: formatSubjectId(event.type, event.subjectId),
    subjectVersion: event.subjectVersion,
    actor: { kind: event.actorKind, id: publicId(ACTOR_IDS[event.actorKind], event.actorId), name: event.actorName },
    credential: credential
      ? {
          kind: credential.kind,
          id: formatId(credential.kind === "API_KEY" ? "apiKey" : "session", credential.id),
          name: credential.name,
        }
      : null,
    address: event.address,
    reason: event.reason,
    correlation: event.correlationId,
    workspace: publicId("workspace", event.workspaceId),
    project: publicId("project", event.projectId),
    ...beforeAndAfter(event),
    payload: event.payload,
    sealed,
  };
}

function publicId(kind: IdKind | undefined, uuid: string | null): string | null {
  return kind === undefined || uuid === null ? null : formatId(kind, uuid);
}
