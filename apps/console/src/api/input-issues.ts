/** Something that is wrong with an input, and where. */
export interface InputIssue {
  readonly path: readonly string[];
  readonly message: string;
}

/** The same list each time, so that nothing is drawn again for it. */
export const NO_ISSUES: readonly InputIssue[] = [];

/** What is wrong with a field, in the API's words. */
export function issueAt(issues: readonly InputIssue[], field: string): string | undefined {
  return issues.find(({ path }) => path[0] === field)?.message;
}

/** What is wrong, by the field it stands at: "name", "url", "filter.agents". Of a field the first counts. */
export type FieldProblems = Readonly<Record<string, string>>;

/**
 * Puts the API's issues at the fields of a form. What is at none of them is in `rest`, with the place where it is, so that
 * nothing the API says is lost.
 */
export function atFields(
  issues: readonly InputIssue[],
  fields: readonly string[],
): { readonly problems: FieldProblems; readonly rest: string[] } {
  const problems: Record<string, string> = {};
  const rest: string[] = [];
  for (const { path, message } of issues) {
    const field = fields.find((name) => `${path.join(".")}.`.startsWith(`${name}.`));
    if (field !== undefined) problems[field] ??= sentenceOf(message);
    else rest.push(path.length === 0 ? sentenceOf(message) : `${path.join(".")} ${message}`);
  }
  return { problems, rest };
}

/** An issue's message where it stands alone. */
export function sentenceOf(message: string): string {
  return message.charAt(0).toUpperCase() + message.slice(1);
}
