import { type Actor, unitedGrants, within } from "@muster/domain/actor.ts";
import { Forbidden } from "@muster/domain/errors.ts";
import type { Permission } from "@muster/domain/permissions.ts";
import SchemaBuilder from "@pothos/core";
import ErrorsPlugin from "@pothos/plugin-errors";
import { execute, type ExecutionResult, parse, subscribe } from "graphql";
import { describe, expect, it } from "vitest";
import "./permissions-plugin.ts";
import type { RequestContext } from "./request-context.ts";

const HERE = "019a0000-0000-7000-8000-000000000001";
const THERE = "019a0000-0000-7000-8000-000000000002";

/** A schema whose resolvers ask for nothing: what is refused, the plugin has refused. */
function schemaOf(report: (actor: Actor) => void) {
  const builder = new SchemaBuilder<{ Context: RequestContext }>({ plugins: [ErrorsPlugin, "permissions"] });
  const task = builder.objectRef<object>("Task").implement({
    permission: "task.read",
    fields: (t) => ({
      title: t.string({ resolve: () => "title" }),
      secret: t.string({ permission: "key.read", resolve: () => "secret" }),
    }),
  });
  const agent = builder.objectRef<object>("Agent").implement({
    permission: "agent.read",
    fields: (t) => ({ task: t.field({ type: task, resolve: () => ({}) }) }),
  });
  builder.objectType(Forbidden, {
    name: "Forbidden",
    permission: { none: "Told." },
    fields: (t) => ({ permission: t.exposeString("permission") }),
  });
  const done = builder.objectRef<object>("Done").implement({
    fields: (t) => ({ data: t.field({ type: task, resolve: () => ({}) }) }),
  });
  builder.queryType({
    fields: (t) => ({ agent: t.field({ type: agent, permission: "agent.read", resolve: () => ({}) }) }),
  });
  builder.mutationType({
    fields: (t) => ({
      cancel: t.field({
        type: done,
        permission: "task.cancel",
        errors: { types: [Forbidden] as never, directResult: true },
        resolve: (_root, _args, { caller }) => {
          report(caller.actor);
          return {};
        },
      }),
    }),
  });
  builder.subscriptionType({
    fields: (t) => ({
      events: t.string({
        permission: "event.read",
        subscribe: async function* () {
          yield "event";
        },
        resolve: (text: unknown) => String(text),
      }),
    }),
  });
  return builder.toSchema();
}

const actorWith = (...permissions: Permission[]): Actor => ({
  kind: "API_KEY",
  id: null,
  name: "key",
  reach: within(HERE, null),
  permissions: new Set(permissions),
});

async function run(actor: Actor, text: string) {
  const seen: Actor[] = [];
  const schema = schemaOf((each) => seen.push(each));
  const contextValue = { caller: { actor, correlationId: null, origin: null } };
  const document = parse(text);
  const operation = text.startsWith("subscription") ? subscribe : execute;
  const result = (await operation({ schema, document, contextValue })) as ExecutionResult;
  const refused = result.errors?.map((error) => (error.originalError as Forbidden).permission) ?? [];
  return { data: result.data, refused, seen };
}

describe("permissions that are declared", () => {
  it("are asked for by queries", async () => {
    expect((await run(actorWith(), "{ agent { __typename } }")).refused).toEqual(["agent.read"]);
    expect((await run(actorWith("agent.read"), "{ agent { __typename } }")).refused).toEqual([]);
  });

  it("are asked for where a type begins, and by a field that has its own", async () => {
    const text = "{ agent { task { title } } }";
    expect((await run(actorWith("agent.read"), text)).refused).toEqual(["task.read"]);
    expect((await run(actorWith("agent.read", "task.read"), text)).data).toEqual({
      agent: { task: { title: "title" } },
    });
    const secret = "{ agent { task { secret } } }";
    expect((await run(actorWith("agent.read", "task.read"), secret)).refused).toEqual(["key.read"]);
  });

  it("are asked for by mutations, which answer with it, and cover what they give back", async () => {
    const text = "mutation { cancel { __typename ... on Done { data { title } } ... on Forbidden { permission } } }";
    const refused = await run(actorWith("task.read"), text);
    expect(refused).toMatchObject({ seen: [], data: { cancel: { permission: "task.cancel" } } });
    expect((await run(actorWith("task.cancel"), text)).data).toEqual({
      cancel: { __typename: "Done", data: { title: "title" } },
    });
  });

  it("are asked for by subscriptions", async () => {
    expect((await run(actorWith("task.read"), "subscription { events }")).refused).toEqual(["event.read"]);
  });

  it("leave a mutation the roles that carry them", async () => {
    const grants = [
      { workspaceId: HERE, projectId: null, permissions: new Set<Permission>(["task.read", "task.cancel"]) },
      { workspaceId: THERE, projectId: null, permissions: new Set<Permission>(["task.read"]) },
    ];
    const { seen } = await run({ ...actorWith(), ...unitedGrants(grants) }, "mutation { cancel { __typename } }");
    expect(seen.map(({ reach }) => reach.workspaceIds)).toEqual([[HERE]]);
  });

  it("are missed when the schema is built", () => {
    const builder = new SchemaBuilder<{ Context: RequestContext }>({ plugins: ["permissions"] });
    builder.queryType({ fields: (t) => ({ open: t.string({ resolve: () => "" } as never) }) });
    expect(() => builder.toSchema()).toThrow("open declares no permission");
  });
});
