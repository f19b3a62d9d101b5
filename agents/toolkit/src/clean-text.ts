/** Text that can be stored: without NUL and lone surrogates, and not longer than the limit. */
export function cleanText(text: string, limit: number): string {
  const clean = text.toWellFormed().replaceAll("\0", "\uFFFD");
  return clean.length <= limit ? clean : `${clean.slice(0, limit - 1).toWellFormed()}…`;
}

/** The last lines of a text that are not empty, without terminal colours. */
export function lastLines(text: string, count: number, limit = 4_000): string[] {
  const lines = stripColours(text)
    .split(/\r?\n/)
    .filter((line) => line.trim() !== "");
  return lines.slice(-count).map((line) => cleanText(line, limit));
}

function stripColours(text: string): string {
  // oxlint-disable-next-line no-control-regex -- the escape character begins a colour code
  return text.replace(/\u001B\[[0-9;]*m/g, "");
}
