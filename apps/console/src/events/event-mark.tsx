import type { EventWords } from "#events/event-words.ts";
import { AGENT_STATES, type StateLook } from "#lifecycles/agent-states.tsx";
import { StateIcon } from "#lifecycles/state-badge.tsx";
import { TASK_STATES } from "#lifecycles/task-states.tsx";

const CONTEXT: StateLook = {
  word: "Context",
  colour: "var(--color-deploying)",
  shape: (
    <path
      d="M6 1.5 10.5 4 6 6.5 1.5 4zM1.5 7.5 6 10l4.5-2.5"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.4"
      strokeLinejoin="round"
    />
  ),
};
const NOTE: StateLook = {
  word: "Note",
  colour: "var(--color-registered)",
  shape: <circle cx="6" cy="6" r="2" fill="currentColor" />,
};

/** The shape at the head of an event's line: that of the state it led to, or of what it is about. */
export function EventMark({ mark }: { readonly mark: EventWords["mark"] }) {
  if (mark === "context") return <StateIcon look={CONTEXT} />;
  if (mark === "note") return <StateIcon look={NOTE} />;
  return <StateIcon look={"agentState" in mark ? AGENT_STATES[mark.agentState] : TASK_STATES[mark.taskState]} />;
}
