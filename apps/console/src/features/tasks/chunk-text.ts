import type { TaskChunk } from "@muster/client/tasks.ts";

/** A chunk as it is shown. */
export interface Chunk {
  readonly number: number;
  readonly attempt: number;
  readonly at: Date;
  /** The text itself, or the value as JSON on one line. */
  readonly text: string;
  readonly isText: boolean;
}

/** A row of the log. */
export interface LogLine {
  /** Of the chunk that it begins in; lines of one chunk count on. */
  readonly key: string;
  readonly chunk: Chunk;
  readonly text: string;
}

/** Longer chunks are cut: ten thousand of the longest would not fit. */
const LONGEST = 8_000;
/** Longer lines are broken: one may be the whole text. */
const LONGEST_LINE = 1_000;

export function chunkOf({ number, attempt, chunk, at }: TaskChunk): Chunk {
  const isText = typeof chunk === "string";
  const whole = isText ? chunk : JSON.stringify(chunk);
  const text = whole.length > LONGEST ? `${whole.slice(0, LONGEST)}… ${whole.length - LONGEST} more characters` : whole;
  return { number, attempt, at, text, isText };
}

/** One row for each chunk. */
export function pieceLines(chunks: readonly Chunk[]): LogLine[] {
  return chunks.map((chunk) => ({ key: String(chunk.number), chunk, text: chunk.text }));
}

/**
 * The texts of chunks put together, as they were meant to be read, in lines; a value that is no text has a line of its own, and
 * each attempt begins anew.
 */
export function textLines(chunks: readonly Chunk[]): LogLine[] {
  const lines: LogLine[] = [];
  let open: { chunk: Chunk; text: string; part: number } | null = null;
  const close = () => {
    if (open) lines.push({ key: `${open.chunk.number}.${open.part}`, chunk: open.chunk, text: open.text });
    open = null;
  };
  for (const chunk of chunks) {
    const last = open as { chunk: Chunk; text: string; part: number } | null;
    if (last && last.chunk.attempt !== chunk.attempt) close();
    if (!chunk.isText) {
      close();
      lines.push({ key: String(chunk.number), chunk, text: chunk.text });
      continue;
    }
    const pieces = chunk.text.split("\n");
    for (const [part, piece] of pieces.entries()) {
      const current = open as { chunk: Chunk; text: string; part: number } | null;
      if (current && current.text.length < LONGEST_LINE) open = { ...current, text: current.text + piece };
      else {
        close();
        open = { chunk, text: piece, part };
      }
      if (part < pieces.length - 1) close();
    }
  }
  const rest = open as { text: string } | null;
  if (rest && rest.text !== "") close();
  return lines;
}
