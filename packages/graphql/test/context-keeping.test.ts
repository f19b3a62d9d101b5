import { formatId } from "@muster/domain/ids.ts";
import { pruneContexts } from "@muster/operations/contexts/retention/prune-contexts.ts";
import { graphql } from "graphql";
import { afterAll, beforeAll, expect, it } from "vitest";
import { schema } from "../src/schema.ts";
import { type BusyFleet, createBusyFleet, requestContextOf } from "./busy-fleet.ts";

let fleet: BusyFleet;
let project: string;
beforeAll(async () => {
  fleet = await createBusyFleet(1);
  project = formatId("project", fleet.projectId);
}, 60_000);
afterAll(() => fleet.close());

async function ask<Answer = unknown>(source: string): Promise<Answer> {
  const contextValue = requestContextOf(fleet);
  const { data, errors } = await graphql({ schema, source, contextValue });
  expect(errors).toBeUndefined();
  return data as Answer;
}

async function newContext(name: string, versions: number): Promise<string> {
  const { openContext } = await ask<{
    openContext: { data: { id: string } };
  }>(`mutation { openContext(input: { projectId: "${project}", name: "${name}" }) {
    ... on OpenContextSuccess { data { id } } } }`);
  const { id } = openContext.data;
  for (let value = 1; value <= versions; value++)
    await ask(`mutation { writeContext(input: { contextId: "${id}", data: { value: ${value} } }) { __typename } }`);
  return id;
}

it("versions are pinned and unpinned, and say so from both sides", async () => {
  const id = await newContext("pinned", 2);
  const at = (number: number, name: string) => `contextId: "${id}", number: ${number}, name: "${name}"`;
  const answer = "__typename ... on Error { code message }";
  const made = await ask(`mutation {
    one: pinContextVersion(input: { ${at(1, "before")} }) { ${answer} ... on PinContextVersionSuccess { data { number pins { name } } } }
    again: pinContextVersion(input: { ${at(1, "before")} }) { __typename }
    elsewhere: pinContextVersion(input: { ${at(2, "before")} }) { ${answer} }
    missing: pinContextVersion(input: { ${at(9, "other")} }) { ${answer} }
  }`);
  expect(made).toMatchObject({
    one: { data: { number: 1, pins: [{ name: "before" }] } },
    again: { __typename: "PinContextVersionSuccess" },
    elsewhere: { __typename: "InvalidInput", message: expect.stringContaining("version 1") },
    missing: { __typename: "NotFound" },
  });
  expect(
    await ask(`{ node(id: "${id}") { ... on Context {
      pins { name number author { name } version { number data } }
      versions { edges { node { number pins { name } } } } } } }`),
  ).toMatchObject({
    node: {
      pins: [{ name: "before", number: 1, version: { number: 1, data: { value: 1 } } }],
      versions: { edges: [{ node: { number: 2, pins: [] } }, { node: { number: 1, pins: [{ name: "before" }] } }] },
    },
  });
  const unpin = `unpinContextVersion(input: { contextId: "${id}", name: "before" })`;
  expect(
    await ask(
      `mutation { done: ${unpin} { ... on UnpinContextVersionSuccess { data { pins { name } } } } gone: ${unpin} { __typename } }`,
    ),
  ).toEqual({ done: { data: { pins: [] } }, gone: { __typename: "NotFound" } });
});

it("contexts are forked, and know from where and into what", async () => {
  const id = await newContext("source", 2);
  const fork = (
    from: string,
    name: string,
  ) => `forkContext(input: { fromVersion: "${from}", name: "${name}", message: "what if" }) {
    __typename ... on ForkContextSuccess { data { id name currentVersion data forkedFrom { id number } version(number: 1) { message } } } }`;
  const made = await ask<{ one: { data: { id: string } } }>(`mutation {
    one: ${fork(`${id}@1`, "tried")} taken: ${fork(`${id}@1`, "tried")} missing: ${fork(`${id}@7`, "x")} malformed: ${fork(id, "x")} }`);
  expect(made).toMatchObject({
    one: {
      data: {
        name: "tried",
        currentVersion: 1,
        data: { value: 1 },
        forkedFrom: { id: `${id}@1`, number: 1 },
        version: { message: "what if" },
      },
    },
    taken: { __typename: "InvalidInput" },
    missing: { __typename: "NotFound" },
    malformed: { __typename: "NotFound" },
  });
  expect(
    await ask(
      `{ node(id: "${id}") { ... on Context { forkedFrom { id } forks(first: 5) { totalCount edges { node { id } } } } } }`,
    ),
  ).toEqual({ node: { forkedFrom: null, forks: { totalCount: 1, edges: [{ node: { id: made.one.data.id } }] } } });
});

it("what retention has removed answers VersionPruned, and says when", async () => {
  const id = await newContext("kept", 14);
  const { workspace } = await ask<{ workspace: { id: string; keepContextVersions: number | null } }>(
    `{ workspace(slug: "fleet") { id keepContextVersions } }`,
  );
  expect(workspace.keepContextVersions).toBeNull();
  const set = (limit: string) => `updateWorkspace(input: { workspaceId: "${workspace.id}" ${limit} }) {
    ... on UpdateWorkspaceSuccess { data { keepContextVersions } } }`;
  expect(await ask(`mutation { set: ${set(", keepContextVersions: 2")} kept: ${set("")} }`)).toEqual({
    set: { data: { keepContextVersions: 2 } },
    kept: { data: { keepContextVersions: 2 } },
  });
  const fields = `{ node(id: "${id}") { ... on Context { prunedThrough storedBytes old: version(number: 12) { prunedAt dataHash } new: version(number: 13) { prunedAt data } } } }`;
  expect(await ask(fields)).toMatchObject({ node: { prunedThrough: 0, old: { prunedAt: null } } });
  await pruneContexts(fleet.runtime);
  expect(await ask(fields)).toMatchObject({
    node: {
      prunedThrough: 12,
      storedBytes: 2 * '{"value":13}'.length,
      old: { prunedAt: expect.any(Date) },
      new: { prunedAt: null, data: { value: 13 } },
    },
  });
  expect(
    await ask(`mutation {
      fork: forkContext(input: { fromVersion: "${id}@12", name: "late" }) { __typename ... on VersionPruned { version code } }
      pin: pinContextVersion(input: { contextId: "${id}", number: 12, name: "late" }) { __typename ... on VersionPruned { version } }
      rollBack: rollBackContext(input: { contextId: "${id}", toVersion: 12, reason: "late" }) { __typename ... on VersionPruned { version } }
    }`),
  ).toEqual({
    fork: { __typename: "VersionPruned", version: 12, code: "VERSION_PRUNED" },
    pin: { __typename: "VersionPruned", version: 12 },
    rollBack: { __typename: "VersionPruned", version: 12 },
  });
});
