/** The time zones that there are, UTC first, and one that the browser does not know if it is given. */
export function timeZones(known: string): readonly string[] {
  const all = Intl.supportedValuesOf("timeZone");
  return [...new Set(["UTC", known, ...all])];
}
