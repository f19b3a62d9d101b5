import { createHmac } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";

/** A request that a receiver was sent. */
export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly type: string;
}

/** What webhooks are sent to: on this machine, and it answers as it is told. */
export interface Receiver {
  /** The address of a path, as a webhook of that name has it. */
  urlOf(name: string): string;
  /** What came there so far, in order. */
  received(name: string): readonly Received[];
  /** From now on, requests there are answered with this status; 200 at first. */
  answer(name: string, status: number): void;
  close(): void;
}

export async function startReceiver(): Promise<Receiver> {
  const requests = new Map<string, Received[]>();
  const statuses = new Map<string, number>();
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request.setEncoding("utf8")) body += chunk;
    const name = (request.url ?? "").slice(1);
    const { type } = JSON.parse(body) as { type: string };
    requests.set(name, [...(requests.get(name) ?? []), { headers: request.headers, body, type }]);
    response.writeHead(statuses.get(name) ?? 200, { "content-type": "text/plain" });
    response.end(`noted by ${name}`);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    urlOf: (name) => `http://127.0.0.1:${port}/${name}`,
    received: (name) => requests.get(name) ?? [],
    answer: (name, status) => void statuses.set(name, status),
    close: () => void server.close(),
  };
}

/** How many of the request's signatures are made with the secret, by the rules of Standard Webhooks. */
export function signaturesBy(secret: string, { headers, body }: Received): number {
  const key = Buffer.from(secret.slice("whsec_".length), "base64");
  const signed = `${String(headers["webhook-id"])}.${String(headers["webhook-timestamp"])}.${body}`;
  const expected = `v1,${createHmac("sha256", key).update(signed).digest("base64")}`;
  return String(headers["webhook-signature"])
    .split(" ")
    .filter((signature) => signature === expected).length;
}
