import type { IncomingMessage } from "node:http";

const MAX_BYTES = 4_096;

/** The request's body is not what it has to be. `status` is what to answer. */
export class BodyRefused extends Error {
  override readonly name = "BodyRefused";
  readonly status: 400 | 413 | 415;
  constructor(status: 400 | 413 | 415, message: string) {
    super(message);
    this.status = status;
  }
}

/** Reads a body of at most `maxBytes` of JSON, 4 KiB by default; an absent one counts as `{}`. Throws `BodyRefused`. */
export async function readJson(request: IncomingMessage, maxBytes = MAX_BYTES): Promise<unknown> {
  const bytes = await readBytes(request, maxBytes);
  if (bytes.length === 0) return {};
  // Forms of other origins can send three content types without being asked first. This is none of them.
  const type = request.headers["content-type"]?.split(";", 1)[0]?.trim().toLowerCase();
  if (type !== "application/json") {
    throw new BodyRefused(415, "Send JSON, with the header Content-Type: application/json.");
  }
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch {
    throw new BodyRefused(400, "The body is not valid JSON.");
  }
}

async function readBytes(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) throw new BodyRefused(413, `The body is too large: at most ${maxBytes} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
