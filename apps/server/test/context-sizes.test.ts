import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ContextWrites, ERRORS } from "./context-writes.ts";
import { createTenant, startTestServer, type TestServer } from "./harness.ts";

let server: TestServer;
let contexts: ContextWrites;
beforeAll(async () => {
  server = await startTestServer();
  contexts = new ContextWrites(server, await createTenant(server));
});
afterAll(() => server.stop());

const text = (size: number) => JSON.stringify("x".repeat(size));

describe("large data", () => {
  it("may have 100,000 keys, and be patched, merged and compared", async () => {
    const contextId = await contexts.newContext();
    const many = Object.fromEntries(Array.from({ length: 100_000 }, (_, at) => [at.toString(36), 0]));
    const inputs = [
      `"data":${JSON.stringify(many)}`,
      `"patch":[{"op":"replace","path":"/zz","value":1}]`,
      `"mergePatch":{"zy":null}`,
      `"data":${JSON.stringify({ ...many, zx: 3 })},"baseVersion":1,"merge":true`,
    ];
    for (const [at, input] of inputs.entries()) {
      const result = await contexts.write(contextId, input, `${ERRORS} ... on WriteContextSuccess { data { number } }`);
      expect(result).toMatchObject({ data: { number: at + 1 } });
    }
    const answer = await contexts.send(
      `{ node(id: "${contextId}") { ... on Context { diff(from: 1, to: 4) { op path value } data } } }`,
    );
    const { data } = JSON.parse(answer.text) as { data: { node: { diff: unknown[]; data: object } } };
    expect(data.node.diff).toHaveLength(3);
    expect(data.node.diff).toEqual(
      expect.arrayContaining([
        { op: "replace", path: "/zz", value: 1 },
        { op: "remove", path: "/zy", value: null },
        { op: "replace", path: "/zx", value: 3 },
      ]),
    );
    const { zy: _removed, ...rest } = { ...many, zz: 1, zx: 3 } as Record<string, number>;
    const sorted = (members: object) =>
      JSON.stringify(Object.entries(members).toSorted(([one], [other]) => (one < other ? -1 : 1)));
    expect(sorted(data.node.data) === sorted(rest)).toBe(true);
  }, 60_000);

  it("is refused beyond a mebibyte, also when a patch makes it", async () => {
    const contextId = await contexts.newContext();
    for (const size of [1_048_575, 10_000_000]) {
      expect(await contexts.write(contextId, `"data":${text(size)}`)).toMatchObject({
        __typename: "InvalidInput",
        issues: [{ path: ["data"], message: expect.stringContaining("at most 1048576 bytes") as string }],
      });
    }
    await contexts.write(contextId, `"data":{"a":${text(900_000)}}`);
    const merged = await contexts.write(contextId, `"mergePatch":{"b":${text(900_000)}}`);
    expect(merged).toMatchObject({ issues: [{ path: ["mergePatch"] }] });
    const copied = await contexts.write(contextId, `"patch":[{"op":"copy","from":"/a","path":"/b"}]`);
    expect(copied).toMatchObject({ issues: [{ path: ["patch"] }] });
  });

  it("of 20 MB is refused unread, and nobody else notices", async () => {
    const contextId = await contexts.newContext();
    const others = Array.from({ length: 20 }, (_, at) => contexts.write(contextId, `"data":{"at":${at}}`));
    const refused = await contexts.send("{ viewer { permissions } }", `{"x":${text(20_000_000)}}`);
    expect(refused.status).toBe(413);
    expect(JSON.parse(refused.text)).toMatchObject({
      errors: [{ message: expect.stringContaining("too large") as string }],
    });
    for (const result of await Promise.all(others)) expect(result.__typename).toBe("WriteContextSuccess");
    expect(await contexts.write(contextId, '"data":1')).toMatchObject({ data: { number: 21 } });
  });
});

describe("a schema", () => {
  const update = (contextId: string, schema: string) =>
    contexts.result(
      `mutation ($input: UpdateContextInput!) { result: updateContext(input: $input) { ${ERRORS} } }`,
      `{"input":{"contextId":"${contextId}","schema":${schema}}}`,
    );

  it("is refused when it is hostile or none", async () => {
    const contextId = await contexts.newContext();
    for (const schema of [
      '{"properties":{"__proto__":{"type":"string"}}}',
      '{"maximum":9007199254740993}',
      '{"maximum":1e400}',
      '{"const":"\\u0000"}',
      '{"type":"text"}',
      '"text"',
      "[]",
      `{"const":${text(70_000)}}`,
    ]) {
      const result = await update(contextId, schema);
      expect(result.__typename).toBe("InvalidInput");
      expect(result.issues?.[0]?.path[0]).toBe("schema");
    }
  });

  it("that takes for ever stops only its own writers, and not for long", async () => {
    const contextId = await contexts.newContext();
    expect(await update(contextId, '{"pattern":"^(a+)+$"}')).toMatchObject({ __typename: "UpdateContextSuccess" });
    const other = await contexts.newContext();
    const begun = performance.now();
    const slow = contexts.write(contextId, `"data":"${"a".repeat(60)}b"`);
    expect(await contexts.write(other, '"data":1')).toMatchObject({ __typename: "WriteContextSuccess" });
    expect(await slow).toMatchObject({ __typename: "InvalidInput", issues: [{ path: ["data"] }] });
    expect(performance.now() - begun).toBeLessThan(10_000);
    expect(await contexts.write(contextId, '"data":"aaa"')).toMatchObject({ __typename: "WriteContextSuccess" });
  });
});
