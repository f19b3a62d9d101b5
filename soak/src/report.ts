import { GUARANTEES } from "./journal.ts";
import type { SoakOutcome } from "./run-soak.ts";

/** What was injected and what the validators found, in lines. */
export function report({ journal, validated }: SoakOutcome): string[] {
  const { histories, connections, deliveries, bookmarks } = validated;
  const injected = [...journal.injections].map(([fault, times]) => `${String(times).padStart(7)}  ${fault}`);
  const found = Object.entries(GUARANTEES).map(([guarantee, meaning]) => {
    const count = journal.violations.filter((violation) => violation.guarantee === guarantee).length;
    return `${(count === 0 ? "held" : `${count} ✗`).padStart(7)}  ${guarantee}: ${meaning}`;
  });
  const violations = journal.violations.length;
  return [
    "",
    "Injected:",
    ...injected,
    "",
    `Validated: ${histories} histories over ${connections} connections with ${deliveries} deliveries and ${bookmarks} bookmarks:`,
    ...found,
    violations === 0 ? "No violation." : `${violations} violations.`,
  ];
}
