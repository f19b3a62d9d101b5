import { enumeration } from "#events/enumeration.ts";
import { listIn, numberIn, textIn } from "#events/event-payload.ts";
import type { Sentences } from "#events/other-event-words.ts";

const named = (what: string, payload: unknown) =>
  [what, textIn(payload, "name")].filter((word) => word !== undefined).join(" ");
const changed = (payload: unknown) => enumeration(listIn(payload, "changed")) || "its settings";
const webhook = (payload: unknown) => named("Webhook", payload);

/** How events of definitions, webhooks, projects and workspaces read. */
export const PROJECT_SENTENCES: Sentences = {
  "definition.registered": (payload) => `Definition ${textIn(payload, "name") ?? ""} registered`,
  "definition.updated": (payload) => `Definition ${textIn(payload, "name") ?? ""} changed`,
  "definition.version_added": (payload) =>
    `Definition ${textIn(payload, "name") ?? ""} has version ${numberIn(payload, "version") ?? "?"}`,
  "webhook.created": (payload) => `${webhook(payload)} created`,
  "webhook.updated": (payload) => `${webhook(payload)} changed: ${changed(payload)}`,
  "webhook.deleted": (payload) => `${webhook(payload)} deleted`,
  "webhook.paused": (payload) => `${webhook(payload)} paused`,
  "webhook.resumed": (payload) => `${webhook(payload)} resumed`,
  "webhook.secret_rotated": (payload) => `${webhook(payload)} has a new secret`,
  "webhook.replayed": (payload) => `${webhook(payload)} replayed`,
  "webhook.resynced": (payload) => `${webhook(payload)} goes on from the present, because it was overtaken`,
  "webhook.delivery_retried": (payload) => `${webhook(payload)}: a delivery is sent again`,
  "webhook.delivery_skipped": (payload) => `${webhook(payload)}: a delivery was skipped`,
  "project.created": (payload) => `${named("Project", payload)} created`,
  "project.updated": (payload) => `${named("Project", payload)} changed: ${changed(payload)}`,
  "workspace.created": (payload) => `${named("Workspace", payload)} created`,
  "workspace.updated": (payload) => `${named("Workspace", payload)} changed: ${changed(payload)}`,
  "operations.persisted": () => "Operations made known to the server",
  "saved_view.created": (payload) => `View “${textIn(payload, "name") ?? "?"}” saved`,
  "saved_view.updated": (payload) => `View “${textIn(payload, "name") ?? "?"}” changed`,
  "saved_view.deleted": (payload) => `View “${textIn(payload, "name") ?? "?"}” deleted`,
};
