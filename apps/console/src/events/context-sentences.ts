import { enumeration } from "#events/enumeration.ts";
import { listIn, numberIn, textIn, valueIn } from "#events/event-payload.ts";
import type { Sentences } from "#events/other-event-words.ts";

/** How events of contexts read that have no fields of their own. */
export const CONTEXT_SENTENCES: Sentences = {
  "context.opened": (payload) => `Context ${textIn(payload, "name") ?? ""} opened`,
  "context.updated": (payload) => `Context: changed its ${enumeration(listIn(payload, "changed")) || "settings"}`,
  "context.version_released": (payload) =>
    `Context: data of version ${enumeration(listIn(payload, "numbers"))} may be written again`,
  "context.version_pinned": (payload) =>
    `Context: version ${numberIn(payload, "number") ?? "?"} pinned as “${textIn(payload, "name") ?? "?"}”`,
  "context.version_unpinned": (payload) =>
    `Context: version ${numberIn(payload, "number") ?? "?"} no longer pinned as “${textIn(payload, "name") ?? "?"}”`,
  "context.versions_pruned": (payload) =>
    `Context: retention removed the data of ${numberIn(payload, "count") ?? "some"} versions, up to ${numberIn(payload, "through") ?? "?"}`,
  "context.rollback_confirmed": (payload) =>
    `${valueIn(payload, "ok") === false ? "Could not load" : "Loaded"} version ${numberIn(payload, "version") ?? "?"} of a context that was rolled back`,
  "context.rollback_retried": (payload) =>
    `Asked again to load version ${numberIn(payload, "version") ?? "?"} of a context that was rolled back: ${enumeration(listIn(payload, "agents")) || "nobody"}`,
  "context.rollback_agent_dropped": (payload) =>
    `Left before it had loaded version ${numberIn(payload, "version") ?? "?"} of a context that was rolled back`,
};
