/**
 * How a receiver verifies a delivery, as a module for Node without dependencies: the scheme of Standard Webhooks
 * (github.com/standard-webhooks/standard-webhooks), for which there are libraries in other languages.
 */
export const VERIFICATION_SNIPPET = `import { createHmac, timingSafeEqual } from "node:crypto";

/** Throws unless Muster has sent this body, within the last five minutes. */
export function verify(headers, body, secret) {
  const id = headers["webhook-id"]; // the same at each retry: drop repeats by it
  const timestamp = headers["webhook-timestamp"];
  if (!(Math.abs(Date.now() / 1000 - Number(timestamp)) < 300)) throw new Error("too old");
  const key = Buffer.from(secret.replace("whsec_", ""), "base64");
  const expected = createHmac("sha256", key).update(\`\${id}.\${timestamp}.\${body}\`).digest();
  const valid = String(headers["webhook-signature"]).split(" ").some((signature) => {
    const given = Buffer.from(signature.replace("v1,", ""), "base64");
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
  if (!valid) throw new Error("wrong signature");
}
`;
