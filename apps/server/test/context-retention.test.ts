import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { change } from "./change.ts";
import { createTenant, startTestServer } from "./harness.ts";

it("removes the data of old versions by itself, and keeps what is pinned", async () => {
  const server = await startTestServer();
  try {
    const tenant = await createTenant(server);
    const { data } = await change(server, "openContext", { projectId: tenant.projectId, name: "kept" });
    const contextId = data?.["id"] as string;
    for (let value = 1; value <= 14; value++) await change(server, "writeContext", { contextId, data: { value } });
    await change(server, "pinContextVersion", { contextId, number: 3, name: "before" });
    await change(server, "updateContext", { contextId, keepVersions: 2 });
    const read = async () => {
      const answer = await server.ask<{ node: { prunedThrough: number; versions: { edges: { node: object }[] } } }>(
        `query ($id: ID!) { node(id: $id) { ... on Context { prunedThrough versions { edges { node { number prunedAt } } } } } }`,
        { id: contextId },
      );
      return answer.data?.node;
    };
    for (let round = 0; round < 300 && (await read())?.prunedThrough !== 12; round++) await sleep(100);
    const found = await read();
    expect(found?.prunedThrough).toBe(12);
    const kept = found?.versions.edges
      .map(({ node }) => node)
      .filter((node) => "prunedAt" in node && node.prunedAt === null);
    expect(kept).toMatchObject([{ number: 14 }, { number: 13 }, { number: 3 }]);
    const pruned = await server.ask(
      `query ($id: ID!) { node(id: $id) { ... on Context { version(number: 12) { data } } } }`,
      { id: contextId },
    );
    expect(pruned.errors?.[0]?.extensions.code).toBe("VERSION_PRUNED");
  } finally {
    await server.stop();
  }
}, 60_000);
