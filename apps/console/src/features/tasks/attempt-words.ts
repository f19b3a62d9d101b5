import { spentText } from "#events/spent-text.ts";
import { type Attempt, timeIn } from "#features/tasks/attempts.ts";
import { OUTCOMES, PHASES } from "#features/tasks/phase-looks.ts";

/** "Attempt 2" or, while nobody has it, "Next attempt". */
export function attemptName({ number, outcome }: Attempt): string {
  if (number !== null) return `Attempt ${number}`;
  return outcome === null ? "Next attempt" : "Never handed out";
}

/** An attempt as a sentence, for those who cannot see its bar: "queued 2.0 s, offered 8 ms, ran 6.0 s: succeeded". */
export function attemptSentence(attempt: Attempt, now: number): string {
  const phases = attempt.phases.map(({ kind }, place) => {
    const spent = timeIn({ ...attempt, phases: attempt.phases.slice(place, place + 1) }, new Set([kind]), now);
    return `${PHASES[kind].word.toLowerCase()} ${spentText(spent)}`;
  });
  const end = attempt.outcome === null ? "so far" : OUTCOMES[attempt.outcome].toLowerCase();
  const error = attempt.error === null ? "" : `: ${attempt.error.message}`;
  return `${phases.join(", ")}; ${end}${error}`;
}
