import { cacheExchange } from "@urql/exchange-graphcache";
import { Client, fetchExchange, gql } from "urql";
import { expect, it } from "vitest";
import { wholeAnswersExchange } from "#api/whole-answers.ts";

const NAME = gql("query Name { project { __typename id name } }");
const AGENTS = gql("query Agents { project { __typename id agents } }");
const PROJECT = { __typename: "Project", id: "prj_1", name: "app" };

/** Answers the second document as a server does whose field failed: the error, and null for what is around it. */
const answer: typeof fetch = async (_url, options) => {
  const failed = { data: { project: null }, errors: [{ message: "no", path: ["project", "agents"] }] };
  const body = String(options?.body).includes("Agents") ? failed : { data: { project: PROJECT } };
  return new Response(JSON.stringify(body), { headers: { "content-type": "application/json" } });
};

it("keeps a failed question from emptying what others have read", async () => {
  const client = new Client({
    url: "http://localhost/graphql",
    preferGetMethod: false,
    fetch: answer,
    exchanges: [cacheExchange({}), wholeAnswersExchange(), fetchExchange],
  });
  await client.query(NAME, {}).toPromise();
  const failed = await client.query(AGENTS, {}, { requestPolicy: "network-only" }).toPromise();
  expect(failed.error?.message).toContain("no");
  expect(client.readQuery(NAME, {})?.data).toEqual({ project: PROJECT });
});
