import type { Client } from "@muster/client/client.ts";
import { expect, it } from "vitest";
import type { EventFilter } from "#api/generated/graphql.ts";
import { agentLog, projectLog } from "#events/log/open-source.ts";

const followed: { filter: EventFilter; project: string }[] = [];
const client = {
  follow: ({ variables }: { readonly variables: { filter: EventFilter; project: string } }) => {
    followed.push(variables);
    return Promise.resolve();
  },
} as unknown as Client;
const following = (filter: EventFilter) => ({
  project: "prj_1",
  filter,
  after: "c",
  onEvent: () => {},
  onMissed: () => Promise.resolve(""),
  signal: new AbortController().signal,
});

it("follows only what the list is of", async () => {
  const { follow } = agentLog(client, "agent_1");
  await follow(following({ types: ["task.transitioned"] }));
  await follow(following({ agents: ["agent_1", "agent_2"] }));
  await follow(following({ agents: ["agent_2"] }));
  await projectLog(client, "demo/app").follow(following({ search: "disk" }));
  expect(followed.map(({ filter }) => filter)).toEqual([
    { types: ["task.transitioned"], agents: ["agent_1"] },
    { agents: ["agent_1"] },
    { agents: [] },
    { search: "disk" },
  ]);
  expect(followed[0]?.project).toBe("prj_1");
});
