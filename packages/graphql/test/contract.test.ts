import { readFileSync } from "node:fs";
import {
  buildSchema,
  type GraphQLNamedType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isSpecifiedScalarType,
  isUnionType,
} from "graphql";
import { describe, expect, it } from "vitest";
import { schema } from "../src/schema.ts";

const text = readFileSync(new URL("../contract.graphql", import.meta.url), "utf8");

/** The contract names the result unions and connections without spelling them out: its header says what they are. */
function withImpliedTypes(contract: string): string {
  const results = [...contract.matchAll(/: (\w+)Result!/g)].map(
    (match) => `type ${match[1]}Result { implied: Boolean }`,
  );
  const connections = [...new Set([...contract.matchAll(/: (\w+)Connection!/g)].map((match) => match[1]))].map(
    (name) => `
      type ${name}Connection { edges: [${name}Edge!]! pageInfo: PageInfo! totalCount: Int! totalIsCapped: Boolean! }
      type ${name}Edge { cursor: String! node: ${name}! }`,
  );
  const pageInfo =
    "type PageInfo { hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String endCursor: String }";
  return [contract, ...results, ...connections, pageInfo].join("\n");
}

const contract = buildSchema(withImpliedTypes(text), { assumeValid: true });
const impliedResult = (type: GraphQLNamedType) => type.name.endsWith("Result");

/** Everything in a type that other programs rely on, one line each. */
function linesOf(type: GraphQLNamedType, of: GraphQLSchema): string[] {
  if (isEnumType(type)) return type.getValues().map((value) => value.name);
  if (isUnionType(type)) return type.getTypes().map((member) => `| ${member.name}`);
  if (isInputObjectType(type)) return Object.values(type.getFields()).map((field) => `${field.name}: ${field.type}`);
  if (!isObjectType(type) && !isInterfaceType(type)) return [];
  const fields = Object.values(type.getFields()).flatMap((field) => [
    `${field.name}: ${field.type}`,
    ...field.args.map((argument) => `${field.name}(${argument.name}: ${argument.type})`),
  ]);
  const interfaces = type.getInterfaces().map((implemented) => `implements ${implemented.name}`);
  return [...fields, ...interfaces, ...(of.getType(type.name) ? [] : ["missing"])];
}

describe("the contract", () => {
  const types = Object.values(contract.getTypeMap()).filter(
    (type) => !type.name.startsWith("__") && !isSpecifiedScalarType(type),
  );

  it.each(types.filter((type) => !impliedResult(type)).map((type) => [type.name, type] as const))(
    "keeps %s",
    (name, type) => {
      const built = schema.getType(name);
      expect(built, `the schema has no ${name}`).toBeDefined();
      if (!built) return;
      expect(linesOf(built, schema)).toEqual(expect.arrayContaining(linesOf(type, contract)));
    },
  );

  it.each(types.filter(impliedResult).map((type) => [type.name] as const))(
    "answers %s as a success or an error",
    (name) => {
      const built = schema.getType(name);
      expect(isUnionType(built), `${name} is not a union`).toBe(true);
      if (!isUnionType(built)) return;
      const success = built.getTypes().find((member) => member.name === name.replace(/Result$/, "Success"));
      expect(success?.getFields().data, `${name} has no success with data`).toBeDefined();
      for (const member of built.getTypes().filter((other) => other !== success)) {
        expect(member.getInterfaces().map((implemented) => implemented.name)).toContain("Error");
      }
    },
  );

  it("adds no required argument or input field to what the contract names", () => {
    const added: string[] = [];
    for (const type of types) {
      const built = schema.getType(type.name);
      if (isInputObjectType(type) && isInputObjectType(built)) {
        for (const field of Object.values(built.getFields())) {
          if (
            !(field.name in type.getFields()) &&
            String(field.type).endsWith("!") &&
            field.defaultValue === undefined
          ) {
            added.push(`${type.name}.${field.name}`);
          }
        }
      }
      if ((isObjectType(type) || isInterfaceType(type)) && (isObjectType(built) || isInterfaceType(built))) {
        for (const [name, field] of Object.entries(type.getFields())) {
          const known = new Set(field.args.map((argument) => argument.name));
          for (const argument of built.getFields()[name]?.args ?? []) {
            if (!known.has(argument.name) && String(argument.type).endsWith("!"))
              added.push(`${type.name}.${name}(${argument.name})`);
          }
        }
      }
    }
    expect(added).toEqual([]);
  });
});

describe("descriptions", () => {
  it("are on every type, field, argument, input field and enum value", () => {
    const without: string[] = [];
    const check = (name: string, description: string | null | undefined) => {
      if (!description?.trim()) without.push(name);
    };
    for (const type of Object.values(schema.getTypeMap())) {
      if (type.name.startsWith("__") || isSpecifiedScalarType(type) || type.name === "PageInfo") continue;
      check(type.name, type.description);
      if (isEnumType(type))
        for (const value of type.getValues()) check(`${type.name}.${value.name}`, value.description);
      if (isInputObjectType(type)) {
        for (const field of Object.values(type.getFields())) check(`${type.name}.${field.name}`, field.description);
      }
      if (!isObjectType(type) && !isInterfaceType(type)) continue;
      for (const field of Object.values(type.getFields())) {
        check(`${type.name}.${field.name}`, field.description);
        for (const argument of field.args) check(`${type.name}.${field.name}(${argument.name})`, argument.description);
      }
    }
    expect(without).toEqual([]);
  });
});
