import type { TaskState } from "#api/generated/graphql.ts";
import { TASK_STATES } from "#lifecycles/task-states.tsx";

/** A piece of a sentence about a blocker: words, a moment, or the id of a task. */
export type BlockerWord = string | { readonly at: string } | { readonly task: string };

const NAMED = /(\d{4}-\d\d-\d\dT[\d:.]+Z|task_[0-9a-z]+)/;

/**
 * The API's sentence about a blocker as the screen says it: without the operations that a program would call, for there are
 * buttons and links; states in the console's words; moments and tasks apart, to be shown as such.
 */
export function blockerWords(message: string): BlockerWord[] {
  return message
    .replace(/ Continue with \w+\./, "")
    .replaceAll(/ with [a-z]+[A-Z]\w*/g, "")
    .replaceAll(/\bwhich is ([A-Z]+)\b/g, (_, state: string) => `which is ${stateWord(state)}`)
    .split(NAMED)
    .filter((piece) => piece !== "")
    .map((piece) => {
      if (!NAMED.test(piece)) return piece;
      return piece.startsWith("task_") ? { task: piece } : { at: piece };
    });
}

function stateWord(state: string): string {
  return TASK_STATES[state as TaskState]?.word.toLowerCase() ?? state.toLowerCase();
}
