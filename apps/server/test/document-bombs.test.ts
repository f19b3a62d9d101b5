import { getIntrospectionQuery } from "graphql";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { serverForTest, startTestServer, type TestServer } from "./harness.ts";
import { bodyOf, transportsOf } from "./transports.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

const many = (count: number, text: (at: number) => string) =>
  Array.from({ length: count }, (_, at) => text(at)).join(" ");

/** Short documents, each of them a bomb of its kind, and the limit that it is refused by. */
const bombs: [kind: string, limit: string | undefined, text: string][] = [
  ["deep", "document.nesting", `{ viewer ${"{ workspaces ".repeat(3_000)}`],
  [
    "deep and well-formed",
    "query.depth",
    `{ viewer { workspaces ${"{ projects(first: 1) { edges { node { workspace ".repeat(5)} { id } ${"} } } }".repeat(5)} } }`,
  ],
  ["alias", "document.aliases", `{ viewer { ${many(600, (at) => `a${at}: permissions`)} } }`],
  ["root field", "document.rootFields", `{ ${many(101, () => "viewer { permissions }")} }`],
  [
    "root field in a fragment",
    "document.rootFields",
    `{ ...q } fragment q on Query { ${many(101, (at) => `a${at}: viewer { permissions }`)} }`,
  ],
  ["field", "document.fields", `{ viewer { ${many(2_001, () => "permissions")} } }`],
  ["directive", "document.directives", `{ viewer { permissions ${many(200, () => "@skip(if: false)")} } }`],
  ["unknown directive", "document.directives", `query ${many(1_000, () => "@a")} { viewer { permissions } }`],
  [
    "fragment",
    "document.fragments",
    `{ viewer { permissions } } ${many(200, (at) => `fragment f${at} on Viewer { permissions }`)}`,
  ],
  ["spread", "document.spreads", `{ viewer { ${many(600, () => "...f")} } } fragment f on Viewer { permissions }`],
  [
    "doubling fragment",
    "document.expandedFields",
    `{ viewer { workspaces { ...f0 } } } ${many(30, (at) => `fragment f${at} on Workspace { ...f${at + 1} x: id ...f${at + 1} }`).replaceAll("x: id", "id")} fragment f30 on Workspace { id }`,
  ],
  ["token", "document.tokens", `{ viewer { permissions } } # \n ${many(10_001, () => "a")}`],
  [
    "cost",
    "query.complexity",
    `{ viewer { workspaces { projects(first: 200) { edges { node { agents(first: 200) { edges { node { id name } } } } } } } } }`,
  ],
];

describe.each(transportsOf(() => server))("over %s", (_name, send) => {
  it.each(bombs)("a %s bomb is refused by %s, at once", async (_kind, limit, text) => {
    const begun = performance.now();
    const { code, data, ...answer } = await send(bodyOf(text));
    expect(code).toBe("LIMIT_EXCEEDED");
    expect(answer.limit).toBe(limit);
    expect(data ?? null).toBeNull();
    expect(performance.now() - begun).toBeLessThan(2_000);
  });

  it("fragments that use each other are refused", async () => {
    const { code } = await send(
      bodyOf("{ viewer { ...a } } fragment a on Viewer { ...b } fragment b on Viewer { ...a }"),
    );
    expect(code).toBe("GRAPHQL_VALIDATION_FAILED");
  });

  it("introspection is answered as tools ask it, and no deeper", async () => {
    expect((await send(bodyOf(getIntrospectionQuery()))).code).toBeUndefined();
    const deep = `{ __schema { types ${"{ fields { type ".repeat(5)} { name } ${"} }".repeat(5)} } }`;
    expect((await send(bodyOf(deep))).code).toMatch(/GRAPHQL_VALIDATION_FAILED|LIMIT_EXCEEDED/);
  });

  it("several operations at once are refused", async () => {
    const one = bodyOf("{ viewer { permissions } }");
    const { code, data } = await send(`[${one},${one}]`).catch(() => ({ code: "REFUSED", data: null }));
    expect(code).toMatch(/BAD_REQUEST|REFUSED|CLOSED_4400/);
    expect(data ?? null).toBeNull();
  });
});

describe("a server that does not tell its schema", () => {
  it("refuses introspection on every transport, and answers all else", async () => {
    const closed = await serverForTest({ MUSTER_INTROSPECTION: "0" });
    for (const [, send] of transportsOf(() => closed)) {
      expect((await send(bodyOf("{ __schema { types { name } } }"))).code).toBe("GRAPHQL_VALIDATION_FAILED");
      expect((await send(bodyOf('{ __type(name: "Agent") { name } }'))).code).toBe("GRAPHQL_VALIDATION_FAILED");
      expect((await send(bodyOf("{ __typename viewer { __typename permissions } }"))).code).toBeUndefined();
    }
  });
});
