/** Ids and numbers as an array for PostgreSQL: nothing in them has to be escaped. */
export function arrayOf(values: readonly (string | number | null)[]): string {
  return `{${values.map((value) => value ?? "null").join(",")}}`;
}
