import dns from "node:dns";
import { createServer, type RequestListener } from "node:http";
import { type AddressInfo, createServer as createTcpServer } from "node:net";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { parseNetworks } from "./allowed-networks.ts";
import { post } from "./post.ts";
import { DEFAULT_WEBHOOK_SETTINGS } from "./webhook-settings.ts";

const settings = { ...DEFAULT_WEBHOOK_SETTINGS, allowedNetworks: parseNetworks(["127.0.0.1"]), timeoutMs: 500 };
const strict = { ...settings, allowedNetworks: parseNetworks(["10.0.0.0/8"]) };
const message = { headers: { "webhook-id": "whd_1" }, body: '{"ünï":"code"}' };

async function serve(listener: RequestListener, host = "127.0.0.1", port = 0) {
  const server = createServer(listener);
  await new Promise<void>((resolve) => {
    server.listen(port, host, resolve);
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port: found } = server.address() as AddressInfo;
  return { port: found, url: `http://${host}:${found}/hook` };
}

/** DNS as it answers from now on: one address after the other. */
function answerNames(...addresses: string[]) {
  const lookup = vi.spyOn(dns, "lookup").mockImplementation(((_host: string, _options: object, answer: Function) => {
    answer(null, [{ address: addresses[Math.min(lookup.mock.calls.length, addresses.length) - 1], family: 4 }]);
  }) as never);
  onTestFinished(() => lookup.mockRestore());
  return lookup;
}

describe("post", () => {
  it("sends the body and gives the status and the beginning of the answer", async () => {
    let seen: unknown;
    const { url } = await serve((request, response) => {
      const parts: Buffer[] = [];
      request.on("data", (part: Buffer) => parts.push(part));
      request.on("end", () => {
        seen = [request.method, request.url, request.headers["content-type"], Buffer.concat(parts).toString()];
        response.end(`\0${"x".repeat(5_000)}`);
      });
    });
    const outcome = await post({ url, ...message }, settings);
    expect(outcome).toMatchObject({ status: 200, error: null });
    expect(outcome.excerpt).toBe(`\uFFFD${"x".repeat(2_047)}`);
    expect(seen).toEqual(["POST", "/hook", "application/json", message.body]);
  });

  it("does not follow redirects", async () => {
    let calls = 0;
    const { url } = await serve((_request, response) => {
      calls += 1;
      response.writeHead(307, { location: "/other" }).end();
    });
    expect(await post({ url, ...message }, settings)).toMatchObject({
      status: 307,
      error: expect.stringContaining("not followed"),
    });
    expect(calls).toBe(1);
  });

  it("waits no longer than the limit, for an answer or for the rest of one", async () => {
    const silent = await serve(() => {});
    const begun = performance.now();
    expect(await post({ url: silent.url, ...message }, settings)).toMatchObject({
      status: null,
      error: "No answer within 0.5 s.",
    });
    const endless = await serve((_request, response) => void response.writeHead(202).write("begun"));
    expect(await post({ url: endless.url, ...message }, settings)).toMatchObject({
      status: 202,
      error: null,
      excerpt: "begun",
    });
    expect(performance.now() - begun).toBeLessThan(2_000);
  });

  it("gives what went wrong with a connection", async () => {
    const { url, port } = await serve(() => {});
    const broken = createTcpServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => {
      broken.listen(0, "127.0.0.1", resolve);
    });
    onTestFinished(() => void broken.close());
    const hangsUp = `http://127.0.0.1:${(broken.address() as AddressInfo).port}/`;
    expect(await post({ url: hangsUp, ...message }, settings)).toMatchObject({
      status: null,
      error: expect.stringMatching(/hang up|ECONNRESET/),
    });
    expect(await post({ url: url.replace(String(port), "1"), ...message }, settings)).toMatchObject({
      status: null,
      error: expect.stringContaining("ECONNREFUSED"),
    });
  });

  it("calls no private address, given as it is or by a name", async () => {
    let calls = 0;
    const { port } = await serve((_request, response) => {
      calls += 1;
      response.end();
    });
    for (const host of ["127.0.0.1", "localhost"]) {
      const outcome = await post({ url: `http://${host}:${port}/`, ...message }, strict);
      expect(outcome).toMatchObject({ status: null, error: expect.stringContaining("private or special") });
    }
    expect(calls).toBe(0);
    expect(await post({ url: `http://localhost:${port}/`, ...message }, settings)).toMatchObject({ status: 200 });
  });

  it("connects to the very address that it has checked, and checks at each attempt", async () => {
    const [good, bad] = [vi.fn<() => void>(), vi.fn<() => void>()];
    const { port } = await serve((_request, response) => {
      good();
      response.end();
    });
    await serve(
      (_request, response) => {
        bad();
        response.end();
      },
      "127.0.0.2",
      port,
    );
    const lookup = answerNames("127.0.0.1", "127.0.0.2");
    const url = `http://rebinding.example:${port}/`;
    expect(await post({ url, ...message }, settings)).toMatchObject({ status: 200 });
    expect(lookup).toHaveBeenCalledTimes(1);
    expect(await post({ url, ...message }, settings)).toMatchObject({
      status: null,
      error: expect.stringContaining("127.0.0.2 is a private"),
    });
    expect([good.mock.calls.length, bad.mock.calls.length]).toEqual([1, 0]);
  });

  it("reaches a global address by https only", async () => {
    answerNames("93.184.215.14");
    const outcome = await post({ url: "http://example.com/", ...message }, settings);
    expect(outcome.error).toContain("only reached by https");
  });
});
