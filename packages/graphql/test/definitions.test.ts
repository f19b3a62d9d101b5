import { formatId } from "@muster/domain/ids.ts";
import { graphql } from "graphql";
import { afterAll, beforeAll, expect, it } from "vitest";
import { schema } from "../src/schema.ts";
import { type BusyFleet, createBusyFleet, requestContextOf } from "./busy-fleet.ts";

let fleet: BusyFleet;
beforeAll(async () => {
  fleet = await createBusyFleet(1);
}, 60_000);
afterAll(() => fleet.close());

async function ask(source: string) {
  const variableValues = { path: fleet.path, project: formatId("project", fleet.projectId) };
  const { data, errors } = await graphql({ schema, source, contextValue: requestContextOf(fleet), variableValues });
  return { data: data as Record<string, never>, message: errors?.[0]?.message };
}

it("counts who has which version, of a project by its id or its path", async () => {
  const { data, message } = await ask(`query ($path: String!, $project: ID!) { project(path: $path) {
    definition(slug: "worker-0") {
      slug version
      byId: agentsByVersion(project: $project) { version agents }
      anywhere: agentsByVersion { version agents }
      edition(number: 1) { number type agentCount(project: "${fleet.path}") author { name } }
      missing: edition(number: 99) { number }
    }
    none: definition(slug: "none") { slug }
  } }`);
  expect(message).toBeUndefined();
  expect(data).toMatchObject({
    project: {
      none: null,
      definition: { slug: "worker-0", version: 1, edition: { number: 1, author: { name: "admin" } }, missing: null },
    },
  });
  const { definition } = (data as Record<string, { definition: Record<string, unknown> }>)["project"] ?? {};
  expect(definition?.["byId"]).toEqual(definition?.["anywhere"]);
});

it.each(["no/where", "prj_none"])("there are no counts of %s", async (project) => {
  const { message } = await ask(`query ($path: String!) { project(path: $path) { definition(slug: "worker-0") {
    agentsByVersion(project: "${project}") { version } } } }`);
  expect(message).toMatch(/no such project/);
});

it("renames a project while its version is the expected one", async () => {
  const rename = (name: string, version: number) =>
    ask(`mutation ($project: ID!) { updateProject(input: { projectId: $project, name: "${name}", expectedVersion: ${version} }) {
      __typename ... on UpdateProjectSuccess { data { name version } } } }`);
  expect((await rename("Renamed", 1)).data).toEqual({
    updateProject: { __typename: "UpdateProjectSuccess", data: { name: "Renamed", version: 2 } },
  });
  expect((await rename("Again", 1)).data).toEqual({ updateProject: { __typename: "Conflict" } });
});
