/** Whether a key press comes from a checkbox that chooses rows: the page's shortcuts hold there, too. */
export function isRowCheckbox(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches("[data-chooses-rows]");
}
