/** An operation of a JSON Patch (RFC 6902). */
export interface PatchOperation {
  readonly op: string;
  readonly path: string;
  readonly from?: string;
  readonly value?: unknown;
}

/**
 * What a JSON Patch makes of data, for a look before it is sent: the API decides. Throws an `Error` with a sentence when an
 * operation does not apply. The data stays as it is.
 */
export function applyPatch(data: unknown, operations: readonly PatchOperation[]): unknown {
  let result = structuredClone(data);
  for (const [at, operation] of operations.entries()) {
    try {
      result = applied(result, operation);
    } catch (error) {
      throw new Error(`Operation ${at + 1}: ${(error as Error).message}`, { cause: error });
    }
  }
  return result;
}

/** What a JSON Merge Patch (RFC 7396) makes of data: members replace those that are there, null removes them. */
export function applyMergePatch(data: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const result: Record<string, unknown> = isObject(data) ? { ...data } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = applyMergePatch(result[key], value);
  }
  return result;
}

function applied(data: unknown, { op, path, from, value }: PatchOperation): unknown {
  switch (op) {
    case "add":
      return put(data, path, structuredClone(value), true);
    case "replace":
      valueAt(data, path);
      return put(data, path, structuredClone(value), false);
    case "remove":
      return removed(data, path);
    case "move": {
      const moved = valueAt(data, from ?? "");
      return put(removed(data, from ?? ""), path, moved, true);
    }
    case "copy":
      return put(data, path, structuredClone(valueAt(data, from ?? "")), true);
    case "test":
      if (JSON.stringify(valueAt(data, path)) !== JSON.stringify(value)) throw new Error(`${path} has another value.`);
      return data;
    default:
      throw new Error(`“${op}” is no operation: add, remove, replace, move, copy and test are.`);
  }
}

function put(data: unknown, path: string, value: unknown, insert: boolean): unknown {
  if (path === "") return value;
  const { parent, name } = placeOf(data, path);
  if (!Array.isArray(parent)) parent[name] = value;
  else if (name === "-") parent.push(value);
  else if (Number(name) > parent.length) throw new Error(`${path} is beyond the end of the list.`);
  else parent.splice(Number(name), insert ? 0 : 1, value);
  return data;
}

function removed(data: unknown, path: string): unknown {
  valueAt(data, path);
  if (path === "") return null;
  const { parent, name } = placeOf(data, path);
  if (Array.isArray(parent)) parent.splice(Number(name), 1);
  else delete parent[name];
  return data;
}

function valueAt(data: unknown, path: string): unknown {
  if (path === "") return data;
  const { parent, name } = placeOf(data, path);
  if (!Object.hasOwn(parent, name)) throw new Error(`There is nothing at ${path}.`);
  return (parent as Record<string, unknown>)[name];
}

function placeOf(data: unknown, path: string): { parent: Record<string, unknown> | unknown[]; name: string } {
  if (!path.startsWith("/")) throw new Error(`“${path}” is no path: it has to begin with a slash.`);
  const names = path
    .slice(1)
    .split("/")
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
  const name = names.pop() ?? "";
  let parent = data;
  for (const each of names) {
    parent = isObject(parent) || Array.isArray(parent) ? (parent as Record<string, unknown>)[each] : undefined;
  }
  if (Array.isArray(parent) && (name === "-" || /^(?:0|[1-9]\d*)$/.test(name))) return { parent, name };
  if (isObject(parent)) return { parent, name };
  throw new Error(`There is nothing that ${path} could stand in.`);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
