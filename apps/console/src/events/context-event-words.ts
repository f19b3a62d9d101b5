import { type EventOfType, quoted, reasonText, textIn } from "#events/event-payload.ts";
import type { EventWords } from "#events/event-words.ts";

type ContextEvent = EventOfType<"ContextVersionWritten"> | EventOfType<"RollbackSettled">;

/** "repository-knowledge 40 → 41: “tested 4f1c2ab: 34 passed”", and how a rollback ended. */
export function contextEventWords(event: ContextEvent): EventWords {
  const name = { name: event.context?.name ?? "A private context" };
  if (event.__typename === "RollbackSettled") {
    return event.rollbackState === "FAILED"
      ? {
          mark: "context",
          words: [name, ` was not loaded at version ${event.version} by every agent`],
          detail: event.error,
        }
      : { mark: "context", words: [name, `: every agent has loaded version ${event.version}`], detail: null };
  }
  const { number, rolledBackTo, payload } = event;
  const message = textIn(payload, "message");
  const change =
    rolledBackTo !== null
      ? ` rolled back to ${rolledBackTo}, as version ${number}`
      : number === 1
        ? " has its first version"
        : ` ${number - 1} → ${number}`;
  return {
    mark: "context",
    words: [name, change],
    detail: message === undefined ? reasonText(event) : quoted(message),
  };
}
