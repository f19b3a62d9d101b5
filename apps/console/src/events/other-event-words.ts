import { CONTEXT_SENTENCES } from "#events/context-sentences.ts";
import { becomesText } from "#events/drain-words.ts";
import { enumeration } from "#events/enumeration.ts";
import { type EventOfType, listIn, numberIn, reasonText, textIn } from "#events/event-payload.ts";
import type { EventWords } from "#events/event-words.ts";
import { IDENTITY_SENTENCES } from "#events/identity-sentences.ts";
import { PROJECT_SENTENCES } from "#events/project-sentences.ts";
import { WORK_SENTENCES } from "#events/work-sentences.ts";

type OtherEvent = EventOfType<"OtherEvent">;

/** How a type reads that has no fields of its own. */
export type Sentences = Readonly<Record<string, (payload: unknown) => string>>;

const AGENT_SENTENCES: Sentences = {
  "agent.registered": () => "Registered",
  "agent.connected": (payload) => `Connected, as its process number ${numberIn(payload, "incarnation") ?? "?"}`,
  "agent.drain_requested": (payload) =>
    `Will be ${becomesText(textIn(payload, "action") ?? "")} when its tasks have ended`,
  "agent.drain_cancelled": (payload) => `Will not be ${becomesText(textIn(payload, "action") ?? "")} after all`,
  "agent.key_rotated": () => "Has a new key; those before it no longer work",
  "agent.updated": (payload) => `Changed: ${enumeration(listIn(payload, "changed")) || "its settings"}`,
  "agent.rolled_back": (payload) => `Rolled back to its bundle ${numberIn(payload, "toBundle") ?? "?"}`,
};

const SENTENCES = new Map(
  Object.entries({
    ...AGENT_SENTENCES,
    ...CONTEXT_SENTENCES,
    ...WORK_SENTENCES,
    ...PROJECT_SENTENCES,
    ...IDENTITY_SENTENCES,
  }),
);

/** A sentence for every other type; one that is new here is told by its name: "task.chunk_dropped" is "Task: chunk dropped". */
export function otherEventWords(event: OtherEvent, whose: boolean): EventWords {
  const sentence = SENTENCES.get(event.type)?.(event.payload) ?? byName(event.type);
  const name = whose ? agentName(event) : undefined;
  return {
    mark: event.type.startsWith("context.") ? "context" : "note",
    words: [...(name === undefined ? [] : [{ name }, ": "]), ...aboutContext(event, sentence)],
    detail: textIn(event.payload, "error") ?? reasonText(event),
  };
}

/** Whether there is a sentence of its own for a type. */
export function hasSentence(type: string): boolean {
  return SENTENCES.has(type);
}

/** "Context: version 7 pinned" with the context's name in place of the word. */
function aboutContext({ context }: OtherEvent, sentence: string): EventWords["words"] {
  const said = "Context: ";
  return context && sentence.startsWith(said)
    ? [{ name: context.name }, `: ${sentence.slice(said.length)}`]
    : [sentence];
}

/** The agent that it happened to, or that answered. */
function agentName({ type, payload, actor, agent }: OtherEvent): string | undefined {
  if (type.startsWith("context.")) return textIn(payload, "agent");
  if (!type.startsWith("agent.")) return undefined;
  return agent?.name ?? textIn(payload, "name") ?? (actor.kind === "AGENT" ? actor.name : undefined);
}

function byName(type: string): string {
  const [subject = "", ...happened] = type.replaceAll("_", " ").split(".");
  const said = `${subject.charAt(0).toUpperCase()}${subject.slice(1)}`;
  return happened.length === 0 ? said : `${said}: ${happened.join(" ")}`;
}
