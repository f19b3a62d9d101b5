/**
 * What a TypeScript text imports: the specifiers of its import and export declarations and of its dynamic imports with a
 * literal. Type imports count too: they couple as well. Works on the text alone, without a parser, so comments are taken out first.
 */
export function importsOf(text: string): string[] {
  const code = withoutComments(text);
  const statements =
    /^\s*(?:import\b(?:[^;"'`()]*?\bfrom)?|export\s+(?:type\s+)?(?:\*[^;"'`]*?|\{[^}]*\}\s*)from)\s*["']([^"']+)["']/gm;
  const dynamic = /\bimport\(\s*["']([^"']+)["']\s*\)/g;
  return [...code.matchAll(statements), ...code.matchAll(dynamic)].map((match) => match[1] ?? "");
}

/** Whether a text passes on values of other files (types are free to pass). */
export function isBarrel(text: string): boolean {
  return /^\s*export\s+(?:\*|\{[^}]*\})\s*(?:as\s+\w+\s*)?from\b/m.test(
    withoutComments(text).replaceAll(/^\s*export\s+type\b.*$/gm, ""),
  );
}

function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\//g, "").replaceAll(/^\s*\/\/.*$/gm, "");
}
