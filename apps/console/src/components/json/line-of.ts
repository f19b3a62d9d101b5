/** Which line a click was on, of rows with `data-line`; undefined: none. */
export function lineOf(target: EventTarget): number | undefined {
  const line = target instanceof Element ? target.closest<HTMLElement>("[data-line]")?.dataset["line"] : undefined;
  return line === undefined ? undefined : Number(line);
}
