import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ContextWrites, type Result } from "./context-writes.ts";
import { createTenant, startTestServer, type TestServer } from "./harness.ts";

let server: TestServer;
let contexts: ContextWrites;
beforeAll(async () => {
  server = await startTestServer();
  contexts = new ContextWrites(server, await createTenant(server));
});
afterAll(() => server.stop());

interface Field {
  readonly name: string;
  /** Carries a value at /a, as JSON and as a literal of GraphQL. */
  readonly json: (value: string) => string;
  readonly literal: (value: string) => string;
  /** Where an issue of the value is found. */
  readonly path: readonly string[];
}
const member = (name: string): Field => ({
  name,
  json: (value) => `"${name}":{"a":${value}}`,
  literal: (value) => `${name}: { a: ${value} }`,
  path: [name, "a"],
});
const FIELDS: readonly Field[] = [
  member("data"),
  member("mergePatch"),
  {
    name: "patch",
    json: (value) => `"patch":[{"op":"add","path":"/a","value":${value}}]`,
    literal: (value) => `patch: [{ op: "add", path: "/a", value: ${value} }]`,
    path: ["patch", "0", "value"],
  },
];
type Write = (contextId: string, field: Field, value: string) => Promise<Result>;
const WAYS: [string, Write][] = [
  ["variables", (contextId, field, value) => contexts.write(contextId, field.json(value))],
  ["literals", (contextId, field, value) => contexts.writeLiteral(contextId, field.literal(value))],
];
const nested = (depth: number) => "[".repeat(depth) + "]".repeat(depth);

describe.each(WAYS)("a number in %s", (_way, write) => {
  it.each([
    ["9007199254740991", "9007199254740991"],
    ["-9007199254740991", "-9007199254740991"],
    ["-0", "0"],
    ["1.0", "1"],
    ["1e3", "1000"],
    ["0.1", "0.1"],
    ["-1.5e-7", "-1.5e-7"],
    ["5e-324", "5e-324"],
    // Digits of a fraction beyond what a double holds are rounded, as everywhere in JSON.
    [`0.${"3".repeat(1_000)}`, "0.3333333333333333"],
  ])("is kept as the same number: %s", async (number, kept) => {
    for (const field of FIELDS) {
      const contextId = await contexts.newContext();
      const result = await write(contextId, field, number);
      expect(JSON.stringify(result.data?.data)).toBe(`{"a":${kept}}`);
      const { text } = await contexts.send(`{ node(id: "${contextId}") { ... on Context { data } } }`);
      expect(text).toContain(`{"data":{"a":${kept}}}`);
    }
  });

  it.each([
    "9007199254740992",
    "9007199254740993",
    "-9007199254740993",
    "9007199254740993.0",
    "18446744073709551616",
    "1e20",
    "1e400",
    "-1e400",
    "7".repeat(5_000),
  ])("is refused where it would be changed: %s", async (number) => {
    const contextId = await contexts.newContext();
    for (const field of FIELDS) {
      expect(await write(contextId, field, number)).toMatchObject({
        __typename: "InvalidInput",
        issues: [{ path: field.path }],
      });
    }
  });
});

describe("hostile JSON", () => {
  const expectRefused = (result: Result, field: Field, message: RegExp) => {
    expect(result.__typename).toBe("InvalidInput");
    expect(result.issues?.[0]?.path[0]).toBe(field.name);
    expect(result.issues?.[0]?.message).toMatch(message);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  };

  it.each([
    ["NUL", '"a\\u0000b"', /NUL/],
    ["NUL in a key", '{"a\\u0000b":1}', /NUL/],
    ["half a surrogate pair", '"\\ud800"', /surrogate/],
    ["half a surrogate pair in a key", '{"\\udfff":1}', /surrogate/],
    ["__proto__", '{"__proto__":{"polluted":true}}', /__proto__/],
    ["what is too deep", nested(101), /deeper/],
    ["what is far too deep", nested(200_000), /deeper/],
  ])("is refused in variables: %s", async (_what, value, message) => {
    const contextId = await contexts.newContext();
    for (const field of FIELDS) expectRefused(await contexts.write(contextId, field.json(value)), field, message);
  });

  it.each([
    ["NUL", '"a\\u0000b"', /NUL/],
    ["__proto__", "{ __proto__: { polluted: true } }", /__proto__/],
  ])("is refused in literals: %s", async (_what, value, message) => {
    const contextId = await contexts.newContext();
    for (const field of FIELDS) {
      expectRefused(await contexts.writeLiteral(contextId, field.literal(value)), field, message);
    }
  });

  it("that no literal can be is refused with the document", async () => {
    const write = (value: string) =>
      contexts.send(`mutation { writeContext(input: { data: ${value} }) { __typename } }`);
    expect((await write('"\\ud800"')).text).toContain("Invalid Unicode escape");
    expect((await write(nested(101))).text).toContain("LIMIT_EXCEEDED");
  });

  it("is refused in variables within literals, and so are variables that are not given", async () => {
    const contextId = await contexts.newContext();
    const write = (variables: string) => contexts.writeLiteral(contextId, "data: { a: [$x] }", variables);
    expect(await write('{"x":9007199254740993}')).toMatchObject({ issues: [{ path: ["data", "a", "0"] }] });
    expect(await write("{}")).toMatchObject({ issues: [{ path: ["data", "a", "0"] }] });
    expect(await write('{"x":{"b":null}}')).toMatchObject({ data: { data: { a: [{ b: null }] } } });
  });

  it("cannot go deeper by a patch either", async () => {
    const contextId = await contexts.newContext();
    expect(await contexts.write(contextId, `"data":{"a":${nested(99)}}`)).toMatchObject({ data: { number: 1 } });
    const deeper = `"patch":[{"op":"add","path":"/a${"/0".repeat(98)}/0","value":[]}]`;
    expect(await contexts.write(contextId, deeper)).toMatchObject({ issues: [{ path: ["patch"] }] });
  });
});

describe("a patch", () => {
  it.each<[string, string, string[]]>([
    ["a test that fails", '{"op":"test","path":"/n","value":2}', ["patch", "1", "value"]],
    ["a test of another type", '{"op":"test","path":"/n","value":"1"}', ["patch", "1", "value"]],
    ["a path to nothing", '{"op":"replace","path":"/none","value":1}', ["patch", "1", "path"]],
    ["an index beyond the list", '{"op":"add","path":"/l/3","value":1}', ["patch", "1", "path"]],
    ["an index with a leading zero", '{"op":"remove","path":"/l/00"}', ["patch", "1", "path"]],
    ["a pointer without a slash", '{"op":"remove","path":"n"}', ["patch", "1", "path"]],
    ["an unknown escape", '{"op":"add","path":"/a~2b","value":1}', ["patch", "1", "path"]],
    ["__proto__", '{"op":"add","path":"/__proto__","value":{"polluted":true}}', ["patch", "1", "path"]],
    ["within __proto__", '{"op":"add","path":"/__proto__/polluted","value":true}', ["patch", "1", "path"]],
    ["from __proto__", '{"op":"copy","from":"/__proto__","path":"/x"}', ["patch", "1", "from"]],
    ["constructor", '{"op":"add","path":"/constructor/prototype/polluted","value":true}', ["patch", "1", "path"]],
    ["a move into itself", '{"op":"move","from":"/l","path":"/l/0"}', ["patch", "1", "path"]],
    ["an unknown operation", '{"op":"merge","path":"/n","value":1}', ["patch", "1", "op"]],
    ["no value", '{"op":"add","path":"/n"}', ["patch", "1", "value"]],
  ])("that does not apply is refused whole: %s", async (_what, operation, path) => {
    const contextId = await contexts.newContext();
    await contexts.write(contextId, '"data":{"n":1,"l":[0,1]}');
    const patch = `"patch":[{"op":"add","path":"/before","value":1},${operation}]`;
    expect(await contexts.write(contextId, patch)).toMatchObject({ issues: [{ path }] });
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
    const { text } = await contexts.send(`{ node(id: "${contextId}") { ... on Context { currentVersion data } } }`);
    expect(text).toContain('{"currentVersion":1,"data":{"l":[0,1],"n":1}}');
  });

  it("finds keys by their escapes", async () => {
    const contextId = await contexts.newContext();
    await contexts.write(contextId, '"data":{"a/b":1,"m~n":1,"~1":1,"":1}');
    const patch = ["/a~1b", "/m~0n", "/~01", "/"].map((path) => ({ op: "replace", path, value: 2 }));
    expect(await contexts.write(contextId, `"patch":${JSON.stringify(patch)}`)).toMatchObject({
      data: { data: { "a/b": 2, "m~n": 2, "~1": 2, "": 2 } },
    });
  });
});
