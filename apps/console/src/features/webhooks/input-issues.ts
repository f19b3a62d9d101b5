interface Issue {
  readonly path: readonly string[];
  readonly message: string;
}

/** What is wrong, by the field it stands at: "name", "url", "filter.agents". Of a field the first counts. */
export type FieldProblems = Readonly<Record<string, string>>;

/**
 * Puts the API's issues at the fields of a form. What is at none of them is in `rest`, with the place where it is, so that
 * nothing the API says is lost.
 */
export function atFields(
  issues: readonly Issue[],
  fields: readonly string[],
): { readonly problems: FieldProblems; readonly rest: string[] } {
  const problems: Record<string, string> = {};
  const rest: string[] = [];
  for (const { path, message } of issues) {
    const field = fields.find((name) => `${path.join(".")}.`.startsWith(`${name}.`));
    if (field !== undefined) problems[field] ??= sentence(message);
    else rest.push(path.length === 0 ? sentence(message) : `${path.join(".")} ${message}`);
  }
  return { problems, rest };
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
