import { once } from "node:events";
import { request as httpRequest } from "node:http";
import { onTestFinished } from "vitest";
import type { Tenant, TestServer } from "./harness.ts";

/** Follows the log of a project. */
export const EVENTS = `subscription ($project: ID!, $after: String) { events(project: $project, after: $after) {
  __typename ... on EventDelivery { cursor event { reason } } ... on Bookmark { cursor caughtUp } } }`;

/** The log of the tenant's project over server-sent events, as one text, and when it was closed. */
export async function openStream(server: TestServer, tenant: Tenant, key: string, after: string | null = null) {
  const request = httpRequest(`${server.url}/graphql`, {
    method: "POST",
    headers: {
      accept: "text/event-stream",
      "content-type": "application/json",
      authorization: `Bearer ${key}`,
    },
  });
  onTestFinished(() => void request.destroy());
  request.end(JSON.stringify({ query: EVENTS, variables: { project: tenant.projectId, after } }));
  const [response] = await once(request, "response");
  const stream = { text: "", closedAt: 0 };
  response.setEncoding("utf8").on("error", () => {});
  response.on("data", (text: string) => (stream.text += text));
  response.once("close", () => (stream.closedAt = performance.now()));
  return stream;
}
