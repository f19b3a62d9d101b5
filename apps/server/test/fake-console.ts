import { once } from "node:events";
import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { onTestFinished } from "vitest";
import { serverForTest, type TestServer } from "./harness.ts";

/** A console's process that answers as it is told, and the server in front of it. */
export async function withConsole(answer: RequestListener): Promise<{ server: TestServer; console: Server }> {
  const console = createServer(answer);
  console.listen(0, "127.0.0.1");
  await once(console, "listening");
  onTestFinished(() => {
    console.closeAllConnections();
    console.close();
  });
  const { port } = console.address() as AddressInfo;
  return { server: await serverForTest({ CONSOLE_UPSTREAM: `http://127.0.0.1:${port}` }), console };
}

export async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  return text;
}

/** What the console says that it was sent. */
export interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body: string;
}
export const mirror: RequestListener = async (request, response) => {
  const { method, url, headers } = request;
  response.end(JSON.stringify({ method, url, headers, body: await bodyOf(request) }));
};

/** Sends text as it is over a connection of its own, and gives the whole answer. */
export async function raw(url: string, text: string): Promise<string> {
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  socket.write(text);
  let answer = "";
  for await (const chunk of socket) answer += String(chunk);
  return answer;
}
