import type { TransitionMode } from "#api/generated/graphql.ts";
import { allowedCount, type BulkPreview, drainingCount } from "#bulk/bulk-preview.ts";
import { type BulkSubject, countText, doneText } from "#bulk/bulk-request.ts";
import { numberText } from "#components/number-text.ts";
import { AGENT_STATES } from "#lifecycles/agent-states.tsx";

/** What a bulk action would do now, in sentences. */
export function previewText(subject: BulkSubject, preview: BulkPreview, mode: TransitionMode): string {
  const { count, countIsCapped, states } = preview;
  if (count === 0) return `No ${subject.what.slice(0, -1)} matches any more. There is nothing to do.`;
  if (countIsCapped) {
    return `More than ${numberText(count)} ${subject.what} match, which is the most that can be done at once. Narrow the filter down.`;
  }
  if (states === null) {
    const end =
      subject.action === "CANCEL"
        ? "Those that run are asked to stop first."
        : "Each becomes a new task with the same input.";
    return `${countText(subject.what, count)} will be ${doneText(subject)}. ${end}`;
  }
  const allowed = allowedCount(preview);
  const draining = mode === "DRAIN" ? drainingCount(preview) : 0;
  const skipped = states
    .filter((state) => !state.allowed)
    .map((state) => `${numberText(state.count)} ${AGENT_STATES[state.state].word.toLowerCase()}`)
    .join(", ");
  if (allowed === 0) return `None of the ${countText("agents", count)} can be ${doneText(subject)} now: ${skipped}.`;
  return [
    skipped === ""
      ? `${countText("agents", allowed)} will be ${doneText(subject)}.`
      : `${numberText(allowed)} of ${countText("agents", count)} will be ${doneText(subject)}.`,
    ...(draining > 0
      ? [`${numberText(draining)} of them ${draining === 1 ? "finishes its" : "finish their"} tasks first.`]
      : []),
    ...(skipped === "" ? [] : [`The others cannot be, as they are now, and are skipped: ${skipped}.`]),
  ].join(" ");
}
