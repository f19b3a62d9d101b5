import { Client, fetchExchange, gql } from "urql";
import { expect, it } from "vitest";
import { createCache } from "#api/cache.ts";
import { cursorExchange, cursorOf } from "#live/cursor-exchange.ts";

/** Answers each request when it is told to, with a cursor of its own. */
function startApi() {
  const answers: (() => void)[] = [];
  const api = (_url: RequestInfo | URL, init?: RequestInit) => {
    const { variables } = JSON.parse(String(init?.body)) as { variables: { n: number } };
    const data = {
      project: { __typename: "Project", id: "prj_1", cursor: `c${variables.n}` },
      echo: { __typename: "Echo", id: `echo_${variables.n}` },
    };
    return new Promise<Response>((resolve) => {
      answers.push(() => resolve(Response.json({ data })));
    });
  };
  const client = new Client({
    url: "http://127.0.0.1/graphql",
    fetch: api,
    preferGetMethod: false,
    exchanges: [createCache(), cursorExchange(), fetchExchange],
  });
  const read = (n: number) =>
    client
      .query(
        gql`
          query ($n: Int) {
            project {
              id
              cursor
            }
            echo(n: $n) {
              id
            }
          }
        `,
        { n },
        { requestPolicy: "network-only" },
      )
      .toPromise();
  return { answers, read };
}

it("answers the cursor that each answer was read at, in whichever order the answers come", async () => {
  const { answers, read } = startApi();
  const [first, second] = [read(1), read(2)];
  await expect.poll(() => answers.length).toBe(2);
  answers[1]?.();
  expect(cursorOf(await second)).toBe("c2");
  answers[0]?.();
  const early = await first;
  expect(cursorOf(early)).toBe("c1");
  // Why it is needed: the cache itself tells the other one's.
  expect(early.data.project.cursor).toBe("c2");
});

it("says when a query selects no cursor", () => {
  expect(() => cursorOf({})).toThrow("the cursor of its project, its workspace or the viewer");
});
