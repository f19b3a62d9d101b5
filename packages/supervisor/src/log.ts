type Write = (fields: Readonly<Record<string, unknown>>, message: string) => void;

/** Where the supervisor says what it does; a pino logger is one. */
export interface Log {
  readonly info: Write;
  readonly warn: Write;
  readonly error: Write;
}
