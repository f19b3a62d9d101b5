import fc from "fast-check";
import { expect, it } from "vitest";
import type { Json } from "./json.ts";
import { REDACTED, redactSecrets } from "./redact-secrets.ts";

it("takes out what the schema marks, wherever it says so", () => {
  const schema = {
    properties: {
      pin: { writeOnly: true, type: "integer" },
      door: { format: "password" },
      list: { type: "array", items: { properties: { code: { writeOnly: true } } } },
      chosen: { oneOf: [{ properties: { x: { writeOnly: true } } }, { type: "string" }] },
      shared: { $ref: "#/$defs/inner" },
    },
    additionalProperties: { properties: { hidden: { format: "password" } } },
    $defs: { inner: { allOf: [{ properties: { deep: { writeOnly: true } } }] } },
  };
  const config = {
    pin: 1234,
    door: { a: 1 },
    list: [{ code: "c", name: "n" }],
    chosen: { x: "y", z: 1 },
    shared: { deep: [1], flat: 2 },
    other: { hidden: "h", shown: "s" },
  };
  expect(redactSecrets(config, schema)).toEqual({
    pin: REDACTED,
    door: REDACTED,
    list: [{ code: REDACTED, name: "n" }],
    chosen: { x: REDACTED, z: 1 },
    shared: { deep: REDACTED, flat: 2 },
    other: { hidden: REDACTED, shown: "s" },
  });
});

it("takes out texts under names that say secret, and keeps numbers such as limits", () => {
  expect(
    redactSecrets({
      apiKey: "a",
      API_KEY: "b",
      password: "c",
      clientSecret: "d",
      accessToken: "e",
      maxTokens: 4_000,
      tokens: ["f", 1],
      headers: { Authorization: "g", accept: "json" },
      credentials: { user: "h", retries: 3 },
      keyboard: "qwerty",
      key: "i",
    }),
  ).toEqual({
    apiKey: REDACTED,
    API_KEY: REDACTED,
    password: REDACTED,
    clientSecret: REDACTED,
    accessToken: REDACTED,
    maxTokens: 4_000,
    tokens: [REDACTED, 1],
    headers: { Authorization: REDACTED, accept: "json" },
    credentials: { user: REDACTED, retries: 3 },
    keyboard: "qwerty",
    key: REDACTED,
  });
});

it("takes names and passwords out of addresses", () => {
  expect(
    redactSecrets({ url: "see https://ann:pass@host.example/x and postgres://u@db/y, http://plain.example/z@1" }),
  ).toEqual({
    url: `see https://${REDACTED}@host.example/x and postgres://${REDACTED}@db/y, http://plain.example/z@1`,
  });
});

it("ends for any JSON as data and as schema, also one that refers to itself", () => {
  expect(redactSecrets({ a: { a: { a: 1 } } }, { $ref: "#", properties: { a: { $ref: "#" } } })).toEqual({
    a: { a: { a: 1 } },
  });
  fc.assert(
    fc.property(
      fc.jsonValue(),
      fc.dictionary(fc.constantFrom("properties", "items", "$ref", "allOf", "x"), fc.jsonValue()),
      (value, schema) => {
        const redacted = redactSecrets(value as Json, schema as never);
        expect(JSON.stringify(redactSecrets(redacted, schema as never))).toBe(JSON.stringify(redacted));
      },
    ),
  );
});
