import { createHmac } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import { VERIFICATION_SNIPPET } from "#features/webhooks/verification-snippet.ts";

type Headers = Readonly<Record<string, string>>;

const KEY = Buffer.alloc(24, 7);
const SECRET = `whsec_${KEY.toString("base64")}`;
const BODY = '{"type":"muster.test"}';

/** Headers as the specification of Standard Webhooks describes them. */
function signed(at: number, ...keys: readonly Buffer[]): Headers {
  const timestamp = String(Math.floor(at / 1_000));
  const signature = keys.map((key) => {
    const text = ["whd_1", timestamp, BODY].join(".");
    return `v1,${createHmac("sha256", key).update(text).digest("base64")}`;
  });
  return { "webhook-id": "whd_1", "webhook-timestamp": timestamp, "webhook-signature": signature.join(" ") };
}

describe("the example of a receiver", () => {
  let verify: (headers: Headers, body: string, secret: string) => void;
  beforeAll(async () => {
    const source = `data:text/javascript,${encodeURIComponent(VERIFICATION_SNIPPET)}`;
    ({ verify } = (await import(/* @vite-ignore */ source)) as { verify: typeof verify });
  });

  it("accepts what is signed with its secret, also beside another one", () => {
    verify(signed(Date.now(), KEY), BODY, SECRET);
    verify(signed(Date.now(), Buffer.alloc(24, 1), KEY), BODY, SECRET);
  });

  it("refuses another secret, another body, and no signature", () => {
    const headers = signed(Date.now(), Buffer.alloc(24, 1));
    expect(() => verify(headers, BODY, SECRET)).toThrow("wrong signature");
    expect(() => verify(signed(Date.now(), KEY), `${BODY} `, SECRET)).toThrow("wrong signature");
    expect(() => verify({ ...headers, "webhook-signature": "" }, BODY, SECRET)).toThrow("wrong signature");
  });

  it("refuses what is old, or without a time", () => {
    expect(() => verify(signed(Date.now() - 400_000, KEY), BODY, SECRET)).toThrow("too old");
    expect(() => verify({ ...signed(Date.now(), KEY), "webhook-timestamp": "" }, BODY, SECRET)).toThrow("too old");
    expect(() => verify({ "webhook-id": "whd_1" }, BODY, SECRET)).toThrow("too old");
  });
});
