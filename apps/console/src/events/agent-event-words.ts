import { type EventOfType, reasonText, textIn } from "#events/event-payload.ts";
import type { EventWords } from "#events/event-words.ts";

/** "Busy → Error: exit 137, third time in 90 s". */
export function agentEventWords(event: EventOfType<"AgentTransitioned">, whose: boolean): EventWords {
  return {
    mark: { agentState: event.to },
    words: [
      ...(whose ? [{ name: event.agent?.name ?? "An agent" }, ": "] : []),
      { agentState: event.from },
      " → ",
      { agentState: event.to },
    ],
    detail: textIn(event.payload, "error") ?? reasonText(event),
  };
}
