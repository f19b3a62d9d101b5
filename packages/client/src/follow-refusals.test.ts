import { afterEach, describe, expect, it, onTestFinished } from "vitest";
import { backoff, collectEvents, type FollowOverrides } from "../test/collect-events.ts";
import { type FeedServer, startFeedServer } from "../test/feed-server.ts";
import { createClient } from "./client.ts";
import { document } from "./document.ts";
import { GraphQLRequestError, TransportError, UnauthenticatedError } from "./errors.ts";

let server: FeedServer;
afterEach(() => server.stop());

function connect(token = "key") {
  const client = createClient({ url: server.url, credentials: () => token, backoff });
  onTestFinished(() => client.close());
  return client;
}

const collect = (last: number, overrides: FollowOverrides = {}, client = connect()) =>
  collectEvents(client, last, overrides);

const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);

describe("follow, when it is turned down", () => {
  it("ends with a typed error when its credentials are refused, or the document is wrong", async () => {
    server = await startFeedServer();
    server.state.accepts = () => false;
    await expect(collect(1)).rejects.toThrow("refused");
    server.state.accepts = () => true;
    const wrong = collect(1, { document: document("subscription { nothing }") });
    await expect(wrong).rejects.toBeInstanceOf(GraphQLRequestError);
  });

  it("goes on with renewed credentials after its connection was closed for the old ones", async () => {
    server = await startFeedServer();
    server.state.last = 5;
    let token = "old";
    server.state.accepts = (authorization) => authorization === `Bearer ${token}`;
    const client = createClient({ url: server.url, credentials: () => token, backoff });
    onTestFinished(() => client.close());
    const renew = (event: number) => {
      if (event === 5) server.state.last = 8;
      if (event !== 5) return;
      token = "new";
      server.closeAll(4401, "expired");
    };
    expect(await collect(8, { onEvent: renew }, client)).toEqual(upTo(8));
    expect(server.state.authorizations).toEqual(["Bearer old", "Bearer new"]);
    server.state.accepts = () => false;
    server.closeAll(4401, "revoked");
    await expect(collect(9, {}, client)).rejects.not.toBeInstanceOf(TransportError);
  });

  it("asks for credentials again while their source is away, and tells it which token was refused", async () => {
    server = await startFeedServer();
    server.state.last = 3;
    server.state.accepts = (authorization) => authorization === "Bearer new";
    const asked: (string | undefined)[] = [];
    const client = createClient({
      url: server.url,
      credentials: (refused) => {
        asked.push(refused);
        if (asked.length === 1) return "old";
        if (asked.length < 4) throw new Error("The source of tokens is away.");
        return "new";
      },
      backoff,
    });
    onTestFinished(() => client.close());
    expect(await collect(3, {}, client)).toEqual([1, 2, 3]);
    expect(asked).toEqual([undefined, "old", undefined, undefined]);
  });

  it("asks once for credentials that many feeds were refused with, and gives up after the second refusal", async () => {
    server = await startFeedServer();
    server.state.accepts = () => false;
    let asked = 0;
    const client = createClient({ url: server.url, credentials: () => `token ${(asked += 1)}`, backoff });
    onTestFinished(() => client.close());
    const following = await Promise.allSettled(Array.from({ length: 10 }, () => collect(1, {}, client)));
    expect(following.map(({ status }) => status)).toEqual(Array(10).fill("rejected"));
    expect(server.state.authorizations).toEqual(["Bearer token 1", "Bearer token 3"]);
  });

  it.each([1009, 4400, 4406, 4409])(
    "ends when the connection is closed with %i: again would be no better",
    async (code) => {
      server = await startFeedServer();
      server.state.last = 1;
      const following = collect(2, { onEvent: () => server.closeAll(code, "no") });
      await expect(following).rejects.toMatchObject({ code: "BAD_REQUEST" });
      expect(server.state.cursors).toEqual(["0"]);
    },
  );

  it.each([1013, 4429])("leaves a server alone for a while that closes with %i", async (code) => {
    server = await startFeedServer();
    server.state.last = 1;
    const patient = createClient({ url: server.url, credentials: () => null, backoff: { baseMs: 1, maxMs: 600 } });
    onTestFinished(() => patient.close());
    let closedAt = 0;
    const closeOnce = (event: number) => {
      if (event === 2) return;
      closedAt = performance.now();
      server.closeAll(code);
      server.state.last = 2;
    };
    expect(await collect(2, { onEvent: closeOnce }, patient)).toEqual([1, 2]);
    expect(performance.now() - closedAt).toBeGreaterThan(290);
  });

  it("waits as long as the server asks when it refuses a subscription for now", async () => {
    server = await startFeedServer();
    const later = { message: "Slowly.", extensions: { code: "LIMIT_EXCEEDED", retryAfterMs: 300 } };
    server.state.last = 1;
    server.state.fate = (subscription) => {
      if (subscription === 0) throw Object.assign(new Error(later.message), later);
      return { after: 9, ends: "complete" };
    };
    const started = performance.now();
    expect(await collect(1)).toEqual([1]);
    expect(performance.now() - started).toBeGreaterThan(290);
  });

  it.each([4401, 4403])("is refused with UnauthenticatedError when the connection is closed with %i", async (code) => {
    server = await startFeedServer();
    server.state.last = 1;
    const following = collect(2, { onEvent: () => server.closeAll(code, "revoked") });
    await expect(following).rejects.toBeInstanceOf(UnauthenticatedError);
  });
});
