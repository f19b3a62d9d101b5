export type LogLevel = "debug" | "info" | "warn" | "error";
type Write = (message: string, fields?: Readonly<Record<string, unknown>>) => void;

export interface Log extends Readonly<Record<LogLevel, Write>> {
  /** A log whose lines all carry these fields too. */
  with(fields: Readonly<Record<string, unknown>>): Log;
}

const ORDER: readonly LogLevel[] = ["debug", "info", "warn", "error"];

/** One JSON object per line: time, level, message, and the fields; errors with their stack. */
export function createLog(
  fields: Readonly<Record<string, unknown>>,
  level: LogLevel,
  write: (line: string) => void = (line) => process.stdout.write(line),
): Log {
  const at = (lineLevel: LogLevel): Write => {
    if (ORDER.indexOf(lineLevel) < ORDER.indexOf(level)) return () => {};
    return (message, more) => {
      write(`${serialize({ time: new Date().toISOString(), level: lineLevel, ...fields, message, ...more })}\n`);
    };
  };
  return {
    debug: at("debug"),
    info: at("info"),
    warn: at("warn"),
    error: at("error"),
    with: (more) => createLog({ ...fields, ...more }, level, write),
  };
}

/** A log line must never be what makes an agent fail. */
function serialize(line: Readonly<Record<string, unknown>>): string {
  try {
    return JSON.stringify(line, (_key, value: unknown) => {
      if (typeof value === "bigint") return value.toString();
      return value instanceof Error ? { name: value.name, message: value.message, stack: value.stack } : value;
    });
  } catch {
    const { time, level, message } = line;
    return JSON.stringify({ time, level, message: `${String(message)} (its fields cannot be shown as JSON)` });
  }
}
