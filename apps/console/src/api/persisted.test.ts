import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { afterEach, expect, it, vi } from "vitest";
import { hashOf, persisted, persistedFetch } from "#api/persisted.ts";

afterEach(() => vi.unstubAllGlobals());

it("knows an operation by its name, whatever the cache has added", () => {
  expect(persisted("fragment F on A { id } query Agents($a: ID) { a }", "h1")).toContain("query Agents");
  expect(hashOf("query Agents($a: ID) {\n  a {\n    __typename\n  }\n}\n\nfragment F on A {\n  id\n}")).toBe("h1");
  expect(hashOf("query Other { a }")).toBeNull();
  expect(hashOf("{ a }")).toBeNull();
});

it("tells all operations of the console from each other", async () => {
  const file = fileURLToPath(new URL("generated/persisted-documents.json", import.meta.url));
  const documents = Object.entries(JSON.parse(await readFile(file, "utf8")) as Record<string, string>);
  for (const [hash, text] of documents) persisted(text, hash);
  expect(documents.filter(([hash, text]) => hashOf(text) !== hash)).toEqual([]);
  expect(documents.length).toBeGreaterThan(100);
});

it("sends the hash, and the text to a server that does not know it", async () => {
  persisted("mutation Save { a }", "h2");
  const bodies: string[] = [];
  vi.stubGlobal("fetch", async (_url: string, init: RequestInit) => {
    bodies.push(String(init.body));
    const unknown = String(init.body).includes("h2");
    return new Response(unknown ? '{"errors":[{"extensions":{"code":"PERSISTED_QUERY_NOT_FOUND"}}]}' : "{}", {
      status: unknown ? 400 : 200,
    });
  });
  const body = JSON.stringify({ query: "mutation Save { a }", variables: { b: 1 } });
  expect((await persistedFetch("/graphql", { method: "POST", body })).status).toBe(200);
  expect(JSON.parse(bodies[0] ?? "")).toEqual({
    variables: { b: 1 },
    extensions: { persistedQuery: { version: 1, sha256Hash: "h2" } },
  });
  expect(bodies[1]).toBe(body);
});
