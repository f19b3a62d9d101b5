/** Where in a value, outermost first; of lists the index as text, as the API names places. */
export type Path = readonly string[];

/** The value at a place; undefined where there is none. */
export function valueAt(value: unknown, path: Path): unknown {
  let at = value;
  for (const name of path) at = isHolder(at) && Object.hasOwn(at, name) ? at[name] : undefined;
  return at;
}

/** A copy with another value at a place; undefined takes it away. Objects on the way are made where they are missing. */
export function changeAt(value: unknown, [name, ...rest]: Path, to: unknown): unknown {
  if (name === undefined) return to;
  if (Array.isArray(value)) {
    const items = [...(value as unknown[])];
    const at = Number(name);
    const item = changeAt(items[at], rest, to);
    if (item === undefined) items.splice(at, 1);
    else items[at] = item;
    return items;
  }
  const members = new Map(isHolder(value) ? Object.entries(value) : []);
  const member = changeAt(members.get(name), rest, to);
  if (member === undefined) members.delete(name);
  else members.set(name, member);
  // Not by assignment: "__proto__" is a name like any other.
  return Object.fromEntries(members);
}

function isHolder(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
