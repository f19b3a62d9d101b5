/** "12,400". */
export function numberText(number: number): string {
  return number.toLocaleString("en-GB");
}
