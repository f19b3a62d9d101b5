import { readFileSync } from "node:fs";
import { buildSchema, getVariableValues, type OperationDefinitionNode, parse, validate } from "graphql";
import { describe, expect, it } from "vitest";
import { firstTabs } from "#features/explorer/first-tabs.ts";

const schema = buildSchema(readFileSync(new URL("../../../../../schema.graphql", import.meta.url), "utf8"));
const PROJECT = { id: "prj_01h455vb4pex5vsknk084sn02q", path: 'other/"project"' };

describe.each(firstTabs(PROJECT).map((tab) => [/(\w+) \w+.*\{/.exec(tab.query)?.[0] ?? "", tab] as const))(
  "the explorer's tab %s",
  (_name, { query, variables = "{}" }) => {
    it("has a document that is valid", () => {
      expect(validate(schema, parse(query))).toEqual([]);
    });

    it("has the variables that the document takes, and they are about this project", () => {
      const operation = parse(query).definitions[0] as OperationDefinitionNode;
      const values = JSON.parse(variables) as Record<string, unknown>;
      expect(getVariableValues(schema, operation.variableDefinitions ?? [], values).errors).toBeUndefined();
      expect(Object.keys(values)).toEqual(
        operation.variableDefinitions?.map(({ variable }) => variable.name.value) ?? [],
      );
      const named = [PROJECT.id, JSON.stringify(PROJECT.path)].filter((name) => (query + variables).includes(name));
      expect(named).not.toEqual([]);
    });
  },
);
