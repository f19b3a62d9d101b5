import { becomesText } from "#events/drain-words.ts";
import { type EventOfType, listIn, numberIn, reasonText, textIn, valueIn } from "#events/event-payload.ts";
import type { EventWords } from "#events/event-words.ts";

type OtherEvent = EventOfType<"OtherEvent">;

/** How each type reads that has no fields of its own. */
const SENTENCES = new Map<string, (payload: unknown) => string>(
  Object.entries({
    "agent.registered": () => "Registered",
    "agent.connected": (payload) => `Connected, as its process number ${numberIn(payload, "incarnation") ?? "?"}`,
    "agent.drain_requested": (payload) =>
      `Will be ${becomesText(textIn(payload, "action") ?? "")} when its tasks have ended`,
    "agent.drain_cancelled": (payload) => `Will not be ${becomesText(textIn(payload, "action") ?? "")} after all`,
    "agent.key_rotated": () => "Has a new key; those before it no longer work",
    "agent.updated": (payload) => `Changed: ${enumeration(listIn(payload, "changed")) || "its settings"}`,
    "agent.rolled_back": (payload) => `Rolled back to its bundle ${numberIn(payload, "toBundle") ?? "?"}`,
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
    "definition.registered": (payload) => `Definition ${textIn(payload, "name") ?? ""} registered`,
    "definition.updated": (payload) => `Definition ${textIn(payload, "name") ?? ""} changed`,
    "definition.version_added": (payload) =>
      `Definition ${textIn(payload, "name") ?? ""} has version ${numberIn(payload, "version") ?? "?"}`,
    "webhook.created": (payload) => `${webhook(payload)} created`,
    "webhook.updated": (payload) => `${webhook(payload)} changed: ${enumeration(listIn(payload, "changed"))}`,
    "webhook.deleted": (payload) => `${webhook(payload)} deleted`,
    "webhook.paused": (payload) => `${webhook(payload)} paused`,
    "webhook.resumed": (payload) => `${webhook(payload)} resumed`,
    "webhook.secret_rotated": (payload) => `${webhook(payload)} has a new secret`,
    "webhook.replayed": (payload) => `${webhook(payload)} replayed`,
    "webhook.resynced": (payload) => `${webhook(payload)} goes on from the present, because it was overtaken`,
    "webhook.delivery_retried": (payload) => `${webhook(payload)}: a delivery is sent again`,
    "webhook.delivery_skipped": (payload) => `${webhook(payload)}: a delivery was skipped`,
  } satisfies Record<string, (payload: unknown) => string>),
);

/** A sentence for every other type; one that is new here is told by its name: "task.chunk_dropped" is "Task: chunk dropped". */
export function otherEventWords(event: OtherEvent, whose: boolean): EventWords {
  const sentence = SENTENCES.get(event.type)?.(event.payload) ?? byName(event.type);
  const name = textIn(event.payload, event.type.startsWith("context.") ? "agent" : "name");
  return {
    mark: event.type.startsWith("context.") ? "context" : "note",
    words: [
      ...(whose && name !== undefined && !/^(definition|webhook)\./.test(event.type) ? [{ name }, ": "] : []),
      sentence,
    ],
    detail: textIn(event.payload, "error") ?? reasonText(event),
  };
}

function webhook(payload: unknown): string {
  return ["Webhook", textIn(payload, "name")].filter((word) => word !== undefined).join(" ");
}

function byName(type: string): string {
  const [subject = "", ...happened] = type.replaceAll("_", " ").split(".");
  const said = `${subject.charAt(0).toUpperCase()}${subject.slice(1)}`;
  return happened.length === 0 ? said : `${said}: ${happened.join(" ")}`;
}

function enumeration(items: readonly (string | number)[]): string {
  return items.map((item) => (typeof item === "string" ? spaced(item) : String(item))).join(", ");
}

/** "max_concurrency" and "maxConcurrency" as "max concurrency". */
function spaced(name: string): string {
  return name
    .replaceAll("_", " ")
    .replaceAll(/([a-z])([A-Z])/g, (_, end: string, start: string) => `${end} ${start.toLowerCase()}`);
}
