import { Client, fetchExchange, gql } from "urql";
import { expect, it } from "vitest";
import { createCache } from "#api/cache.ts";
import { askApi } from "#live/ask-api.ts";
import { cursorExchange } from "#live/cursor-exchange.ts";

const LIST = gql`
  query {
    agents {
      id
      state
    }
  }
`;
const ONE = gql`
  query {
    agent {
      id
      state
    }
  }
`;

it("waits for the API, whatever the cache tells of the same question meanwhile", async () => {
  const answers: ((data: object) => void)[] = [];
  const client = new Client({
    url: "http://127.0.0.1/graphql",
    fetch: () =>
      new Promise<Response>((resolve) => {
        answers.push((data) => resolve(Response.json({ data })));
      }),
    preferGetMethod: false,
    exchanges: [createCache(), cursorExchange(), fetchExchange],
  });
  const agent = (number: number, state: string) => ({ __typename: "Agent", id: `agent_${number}`, state });
  const first = askApi(client, LIST, {});
  await expect.poll(() => answers.length).toBe(1);
  answers[0]?.({ agents: [agent(1, "IDLE")] });
  expect((await first).data).toMatchObject({ agents: [{ state: "IDLE" }] });

  const seen: unknown[] = [];
  const { unsubscribe } = client
    .query(LIST, {}, { requestPolicy: "cache-only" })
    .subscribe(({ data }) => seen.push((data as { agents: { state: string }[] } | undefined)?.agents[0]?.state));
  const second = askApi(client, LIST, {});
  await expect.poll(() => answers.length).toBe(2);
  // Something else tells of the same agent, and so the cache tells the list anew.
  const other = askApi(client, ONE, {});
  await expect.poll(() => answers.length).toBe(3);
  answers[2]?.({ agent: agent(1, "BUSY") });
  await other;
  expect(seen).toContain("BUSY");
  answers[1]?.({ agents: [agent(1, "BUSY"), agent(2, "IDLE")] });
  expect((await second).data).toMatchObject({ agents: [{ id: "agent_1" }, { id: "agent_2" }] });
  unsubscribe();
});
