import type { TaskState } from "#api/generated/graphql.ts";
import { type EventOfType, reasonText, textIn, valueIn } from "#events/event-payload.ts";
import type { EventWords, Word } from "#events/event-words.ts";
import { spentText } from "#events/spent-text.ts";

/** What it did in these took as long as it was in them; in others it waited. */
const WORKING: readonly (TaskState | null)[] = ["RUNNING", "CANCELLING"];

/** "Task test 4f1c2ab: Running → Succeeded in 2.1 s". */
export function taskEventWords(event: EventOfType<"TaskTransitioned">, whose: boolean): EventWords {
  const { task, agent, taskFrom, taskTo, attempt, durationMs, payload } = event;
  const title = task?.title ?? textIn(payload, "kind");
  const moved: Word[] =
    taskFrom === null
      ? [" created, ", { taskState: taskTo }]
      : [": ", { taskState: taskFrom }, " → ", { taskState: taskTo }];
  return {
    mark: { taskState: taskTo },
    words: [
      ...(whose && agent ? [{ name: agent.name }, ": task "] : ["Task "]),
      { name: title ?? "" },
      ...moved,
      ...(durationMs === null ? [] : [`${WORKING.includes(taskFrom) ? " in " : " after "}${spentText(durationMs)}`]),
      ...(attempt > 1 ? [`, attempt ${attempt}`] : []),
    ],
    detail: textIn(valueIn(payload, "error"), "message") ?? reasonText(event),
  };
}
