import { isDeepStrictEqual } from "node:util";

/**
 * For the payload of an event: `before` and `after` of the fields of `given` that are not what they are in `present`, as JSON.
 * What is undefined was not given. The values must hold no secrets.
 */
export function changesOf(present: object, given: object): string {
  const before: Record<string, unknown> = {};
  const after: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(given)) {
    const old = (present as Record<string, unknown>)[name];
    if (value === undefined || isDeepStrictEqual(value, old)) continue;
    before[name] = old ?? null;
    after[name] = value;
  }
  return JSON.stringify({ before, after });
}

/**
 * The same in SQL (jsonb): compares the row `after` of a statement that changes it with the row `before`, both aliases or
 * tables in reach, field by field: their names outside, and the columns. Of a table that the statement changes, a subquery sees
 * the row as it was, provided that an earlier statement of the transaction has locked it.
 */
export function changedColumns(before: string, after: string, columns: Readonly<Record<string, string>>): string {
  const fields = Object.entries(columns).map(
    ([name, column]) => `('${name}', to_jsonb(${before}.${column}), to_jsonb(${after}.${column}))`,
  );
  return `coalesce((select jsonb_build_object('before', jsonb_object_agg(f.name, f.before), 'after', jsonb_object_agg(f.name, f.after))
    from (values ${fields.join(", ")}) f(name, before, after) where f.before is distinct from f.after having count(*) > 0), '{}'::jsonb)`;
}
