import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";

const key = Buffer.from(process.env.WEBHOOK_SECRET.replace("whsec_", ""), "base64");

createServer(async (request, response) => {
  const body = Buffer.concat(await request.toArray()).toString("utf8");
  const { "webhook-id": id, "webhook-timestamp": at, "webhook-signature": signatures = "" } = request.headers;
  const expected = createHmac("sha256", key).update(`${id}.${at}.${body}`).digest();
  const signed = signatures.split(" ").some((signature) => {
    const given = Buffer.from(signature.replace(/^v1,/, ""), "base64");
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
  if (!signed || !(Math.abs(Date.now() / 1000 - at) < 300)) return response.writeHead(401).end();
  const { type, event } = JSON.parse(body);
  // Keep `id` for a day: whoever has it already has this delivery. Answer first, work afterwards.
  console.log(id, type, event?.subjectId, event?.subjectVersion);
  response.writeHead(204).end();
}).listen(process.env.PORT ?? 8080);
