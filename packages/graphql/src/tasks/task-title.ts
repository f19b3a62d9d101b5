/** Keys of an input that say what a task is about, the most telling first. */
const TELLING = [
  "title",
  "subject",
  "name",
  "commit",
  "ref",
  "branch",
  "path",
  "file",
  "url",
  "query",
  "prompt",
] as const;
const LONGEST = 60;

/** What a task is about in a few words: its kind, and what its input names. "test 4f1c2ab". */
export function taskTitle({ kind, input }: { readonly kind: string; readonly input: unknown }): string {
  if (typeof input !== "object" || input === null) return kind;
  const about = TELLING.map((key) => (input as Record<string, unknown>)[key]).find(
    (text): text is string => typeof text === "string" && text.trim() !== "",
  );
  return about === undefined ? kind : `${kind} ${shortened(about.trim())}`;
}

function shortened(text: string): string {
  if (/^[0-9a-f]{40}([0-9a-f]{24})?$/.test(text)) return text.slice(0, 7);
  const [line = ""] = text.split("\n", 1);
  return line.length > LONGEST ? `${line.slice(0, LONGEST - 1)}…` : line;
}
