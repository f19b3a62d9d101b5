import type { AgentState, EventLineFragment, TaskState } from "#api/generated/graphql.ts";
import { agentEventWords } from "#events/agent-event-words.ts";
import { contextEventWords } from "#events/context-event-words.ts";
import { otherEventWords } from "#events/other-event-words.ts";
import { taskEventWords } from "#events/task-event-words.ts";
import { AGENT_STATES } from "#lifecycles/agent-states.tsx";
import { TASK_STATES } from "#lifecycles/task-states.tsx";

/** A piece of the sentence: plain words, a name that stands out, or a state with its shape. */
export type Word =
  | string
  | { readonly name: string }
  | { readonly agentState: AgentState }
  | { readonly taskState: TaskState };

/** An event in words. */
export interface EventWords {
  /** The shape at its head. */
  readonly mark: { readonly agentState: AgentState } | { readonly taskState: TaskState } | "context" | "note";
  readonly words: readonly Word[];
  /** What more there is to say: an error, a reason, a message. */
  readonly detail: string | null;
}

/** How an event reads. `whose` says which agent it happened to, for lists of more than one agent's events. */
export function eventWords(event: EventLineFragment, { whose = false }: { readonly whose?: boolean } = {}): EventWords {
  switch (event.__typename) {
    case "AgentTransitioned":
      return agentEventWords(event, whose);
    case "TaskTransitioned":
      return taskEventWords(event, whose);
    case "ContextVersionWritten":
    case "RollbackSettled":
      return contextEventWords(event);
    case "OtherEvent":
      return otherEventWords(event, whose);
  }
}

/** The same as one plain sentence: "Busy → Error: exit 137". */
export function eventSentence(event: EventLineFragment, options?: { readonly whose?: boolean }): string {
  const { words, detail } = eventWords(event, options);
  const said = words.map(plain).join("");
  return detail === null ? said : `${said}: ${detail}`;
}

function plain(word: Word): string {
  if (typeof word === "string") return word;
  if ("name" in word) return word.name;
  return "agentState" in word ? AGENT_STATES[word.agentState].word : TASK_STATES[word.taskState].word;
}
