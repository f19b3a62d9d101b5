const HERE = "http://here.invalid";

/** The path, with query and fragment, of a text that leads to a page of this origin; "/" for any other. */
export function localPath(text: string | null): string {
  if (text === null || !/^\/[\x21-\x7e]*$/.test(text)) return "/";
  // As browsers read it: "//host" and "/\host" lead elsewhere.
  const url = URL.parse(text, HERE);
  return url?.origin === HERE && !url.pathname.startsWith("//") ? `${url.pathname}${url.search}${url.hash}` : "/";
}
