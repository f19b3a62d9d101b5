/** A link within a text: told apart by its line, not by colour alone. */
export const TEXT_LINK =
  "underline decoration-line-strong underline-offset-2 hover:text-accent hover:decoration-accent";
