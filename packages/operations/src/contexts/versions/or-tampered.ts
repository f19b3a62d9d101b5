import { VersionTampered } from "@muster/domain/errors.ts";

/** What `read` gives, or the error that says that it was tampered with. Other errors are thrown. */
export function orTampered<Value>(read: () => Value): Value | VersionTampered {
  try {
    return read();
  } catch (error) {
    if (error instanceof VersionTampered) return error;
    throw error;
  }
}
