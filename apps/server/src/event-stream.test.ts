import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { EventStream } from "./event-stream.ts";

/** A stream to a client that reads only when told to. */
async function openStream(keepAliveMs: number) {
  const server = createServer().listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
  onTestFinished(() => void socket.destroy());
  socket.on("error", () => {});
  socket.write("GET / HTTP/1.1\r\nhost: localhost\r\n\r\n");
  const [, response] = (await once(server, "request")) as [unknown, ServerResponse];
  const stream = new EventStream(response, { bufferBytes: 1_000_000, keepAliveMs });
  stream.begin();
  return { stream, response, socket };
}

const megabyte = { cursor: "c", closed: Buffer.from(`${JSON.stringify("x".repeat(1_000_000))}}`) };

it("gives a sign of life to who reads, and adds none where much waits already", async () => {
  const { response, socket } = await openStream(30);
  let text = "";
  socket.on("data", (chunk: Buffer) => (text += chunk.toString()));
  await expect.poll(() => text.split(":\n\n").length).toBeGreaterThan(4);
  expect(response.destroyed).toBe(false);
});

it("gives up who takes nothing for long", async () => {
  const { stream, response, socket } = await openStream(50);
  socket.pause();
  const closed = once(response, "close");
  // What the kernel takes does not wait here.
  let sent = 0;
  for (; !stream.isFull && sent < 200; sent += 1) {
    stream.send(megabyte);
    await new Promise(setImmediate);
  }
  expect(sent).toBeLessThan(200);
  const begun = performance.now();
  await closed;
  expect(performance.now() - begun).toBeLessThan(3_000);
});

it("waits for room, and no longer than the connection lasts", async () => {
  const { stream, socket } = await openStream(10_000);
  socket.pause();
  let sent = 0;
  const sending = (async () => {
    for (; sent < 40; sent += 1) await stream.sendWhenRoom(megabyte);
  })();
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(sent).toBeLessThan(40);
  const had = sent;
  socket.resume();
  await expect.poll(() => sent).toBeGreaterThan(had);
  socket.destroy();
  await sending;
});
