/** A stored version no longer matches its hash: somebody changed it behind Muster's back. It is not served. */
export class TamperedVersionError extends Error {
  override readonly name = "TamperedVersionError";
  readonly contextId: string;
  readonly number: number;
  constructor(contextId: string, number: number, what: "data" | "record") {
    super(
      `The ${what} of version ${number} of context ${contextId} does not match its hash: it was changed in the database. ` +
        "Restore it from a backup, or roll the context back to a version before it.",
    );
    this.contextId = contextId;
    this.number = number;
  }
}

/** What `read` gives, or the error that says that it was tampered with. Other errors are thrown. */
export function orTampered<Value>(read: () => Value): Value | TamperedVersionError {
  try {
    return read();
  } catch (error) {
    if (error instanceof TamperedVersionError) return error;
    throw error;
  }
}
