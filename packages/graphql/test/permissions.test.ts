import { type Caller, everywhere } from "@muster/domain/actor.ts";
import { formatId } from "@muster/domain/ids.ts";
import { type Permission, PERMISSIONS } from "@muster/domain/permissions.ts";
import { execute } from "@graphql-tools/executor";
import { type ExecutionResult, getNamedType, isInterfaceType, isObjectType, isUnionType, parse } from "graphql";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { answersOf, declared, needsOf, permissionsOf } from "../src/permissions.ts";
import { schema } from "../src/schema.ts";
import { type BusyFleet, createBusyFleet, requestContextOf } from "./busy-fleet.ts";

const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
const answers = answersOf(schema);
const types = Object.values(schema.getTypeMap()).filter((type) => !type.name.startsWith("__"));
const fieldsOf = (type: (typeof types)[number]) =>
  isObjectType(type) || isInterfaceType(type) ? Object.values(type.getFields()) : [];

describe("every part of the schema declares what it asks for", () => {
  it.each(roots.flatMap((root) => (root ? fieldsOf(root).map((field) => [`${root.name}.${field.name}`, field]) : [])))(
    "%s",
    (_name, field) => {
      const needs = declared(field as ReturnType<typeof fieldsOf>[number]);
      expect(needs, "names no permission: give one, or { none: why }").toBeDefined();
    },
  );

  it.each(
    types.filter((type) => isObjectType(type) || isInterfaceType(type)).map((type) => [type.name, type] as const),
  )("%s", (_name, type) => {
    if (roots.includes(type as never) || answers.has(type)) return;
    expect(needsOf(type), "names no permission: give one, or { none: why }").toBeDefined();
  });

  it("and what leads to a union tells what that asks for", () => {
    const open = types
      .filter((type) => !roots.includes(type as never))
      .flatMap(fieldsOf)
      .filter((field) => isUnionType(getNamedType(field.type)));
    for (const field of open) expect(declared(field) ?? needsOf(getNamedType(field.type)), field.name).toBeDefined();
  });

  it("by permissions that there are, or with a reason", () => {
    const all = [...types.filter((type) => !isUnionType(type)), ...types.flatMap(fieldsOf)].map(declared);
    for (const needs of all.filter((each) => each !== undefined)) {
      for (const permission of permissionsOf(needs)) expect(PERMISSIONS).toContain(permission);
      if (typeof needs === "object" && "none" in needs) expect(needs.none).toMatch(/^[A-Z].*\.$/);
    }
  });

  it("and says it in its description", () => {
    const task = schema.getMutationType()?.getFields().cancelTask;
    expect(task?.description).toMatch(/ Needs task\.cancel\.$/);
    expect(schema.getType("Task")?.description).toMatch(/ Needs task\.read\.$/);
  });
});

describe("what a caller lacks", () => {
  let fleet: BusyFleet;
  beforeAll(async () => {
    fleet = await createBusyFleet(1);
  });
  afterAll(() => fleet.close());

  const ask = async (permissions: readonly Permission[], text: string, variables: object = {}) => {
    const admin: Caller = {
      ...fleet.admin,
      actor: { ...fleet.admin.actor, reach: everywhere, permissions: new Set(permissions) },
    };
    return (await execute({
      schema,
      document: parse(text),
      contextValue: requestContextOf({ admin, runtime: fleet.runtime }),
      variableValues: variables as Record<string, unknown>,
    })) as ExecutionResult<Record<string, never>>;
  };
  const refusals = (result: ExecutionResult) =>
    result.errors?.map(({ path, originalError }) => [path?.join("."), (originalError as { code?: string }).code]);

  it("is refused at the root before anything is read", async () => {
    const result = await ask([], `{ project(path: "no/such") { id } }`);
    expect(refusals(result)).toEqual([["project", "FORBIDDEN"]]);
  });

  it("is refused where a field leads to another type", async () => {
    const result = await ask(
      ["workspace.read"],
      `{ project(path: "${fleet.path}") { id name agents { totalCount } } }`,
    );
    expect(refusals(result)).toEqual([["project.agents", "FORBIDDEN"]]);
  });

  it("is refused where the value is there already", async () => {
    const text = `{ project(path: "${fleet.path}") { contexts(first: 1) { edges { node { rollbackPreview(toVersion: 1) { runningTasks { id } } } } } } }`;
    const result = await ask(["workspace.read", "context.read"], text);
    expect(refusals(result)).toEqual([["project.contexts.edges.0.node.rollbackPreview.runningTasks", "FORBIDDEN"]]);
    expect((await ask(["workspace.read", "context.read", "task.read"], text)).errors).toBeUndefined();
  });

  it("is the answer of a mutation, as one of its errors", async () => {
    const result = await ask(
      ["task.read"],
      `mutation ($input: CancelTaskInput!) { cancelTask(input: $input) { __typename ... on Forbidden { permission } } }`,
      { input: { taskId: formatId("task", "019a0000-0000-7000-8000-000000000000"), reason: "no" } },
    );
    expect(result.errors).toBeUndefined();
    expect(result.data?.cancelTask).toEqual({ __typename: "Forbidden", permission: "task.cancel" });
  });

  it("does not hide what a mutation has done", async () => {
    const [agentId = ""] = fleet.agentIds;
    const result = await ask(
      ["agent.transition"],
      `mutation ($input: TransitionAgentInput!) { transitionAgent(input: $input) { ... on TransitionAgentSuccess { data { pendingAction } } } }`,
      { input: { agentId: formatId("agent", agentId), action: "SUSPEND", reason: "enough" } },
    );
    expect(result).toMatchObject({ data: { transitionAgent: { data: { pendingAction: "SUSPEND" } } } });
  });

  it("is a node that does not exist", async () => {
    const [agentId = ""] = fleet.agentIds;
    const id = formatId("agent", agentId);
    const text = `query ($id: ID!) { node(id: $id) { id } nodes(ids: [$id]) { id } }`;
    expect(await ask(["agent.read"], text, { id })).toEqual({ data: { node: { id }, nodes: [{ id }] } });
    expect(await ask(["task.read"], text, { id })).toEqual({ data: { node: null, nodes: [null] } });
  });
});

it("costs nothing where a field stays within its type", () => {
  const fields = (
    schema.getType("Agent") as unknown as { getFields(): Record<string, { resolve?: unknown }> }
  ).getFields();
  // Exposed as it is: no function of ours stands between the row and the answer.
  expect(String(fields.name?.resolve)).not.toContain("demand");
  expect(String(fields.project?.resolve)).toContain("demand");
});
