import { type DestinationStream, type Logger, type LoggerOptions, pino } from "pino";
import { correlationId } from "./correlation.ts";

/** JSON lines, each with the correlation id of the request it belongs to. Never a credential. */
export function createLogger(level: string, destination: DestinationStream = pino.destination(1)): Logger {
  const options: LoggerOptions = {
    level,
    base: { pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    mixin: () => {
      const id = correlationId();
      return id === null ? {} : { correlationId: id };
    },
    redact: {
      paths: ["authorization", "*.authorization", "key", "*.key", "headers.authorization", "headers.cookie"],
      censor: "[redacted]",
    },
  };
  return pino(options, destination);
}
