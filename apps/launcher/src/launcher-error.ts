/** An expected failure: the message is one sentence that says what to do. */
export class LauncherError extends Error {
  override readonly name = "LauncherError";
}
