import type { EventWords, Word } from "#events/event-words.ts";
import { AgentStateBadge, TaskStateBadge } from "#lifecycles/state-badge.tsx";

/** What happened, with its names and states standing out. */
export function EventSentence({ words, detail }: Pick<EventWords, "words" | "detail">) {
  return (
    <>
      {words.map((word, index) => (
        <EventWord key={index} word={word} />
      ))}
      {detail !== null && <span className="text-muted">: {detail}</span>}
    </>
  );
}

function EventWord({ word }: { readonly word: Word }) {
  if (typeof word === "string") return <span className="whitespace-pre text-muted">{word}</span>;
  if ("name" in word) return <span className="font-[550]">{word.name}</span>;
  return "agentState" in word ? (
    <AgentStateBadge state={word.agentState} quiet />
  ) : (
    <TaskStateBadge state={word.taskState} quiet />
  );
}
