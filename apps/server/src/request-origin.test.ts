import { describe, expect, it } from "vitest";
import { isForeign, isOfThisOrigin } from "./request-origin.ts";

const host = "muster.example:4000";

describe("where a request came from", () => {
  it.each([
    [{ host, origin: "http://muster.example:4000" }, true],
    [{ host: "MUSTER.example:4000", origin: "http://muster.example:4000" }, true],
    [{ host: "muster.example", origin: "https://muster.example" }, true],
    [{ host: "muster.example:443", origin: "https://muster.example" }, true],
    [{ host: "muster.example:80", origin: "http://muster.example" }, true],
    [{ host, "sec-fetch-site": "same-origin" }, true],
    [{ host, origin: "http://muster.example" }, false],
    [{ host, origin: "http://muster.example:4001" }, false],
    [{ host, origin: "http://evil.example:4000" }, false],
    [{ host, origin: "http://muster.example:4000@evil.example" }, false],
    [{ host, origin: "null", "sec-fetch-site": "same-origin" }, false],
    [{ host, origin: "" }, false],
    [{ host: "", origin: "data:" }, false],
    [{ origin: "http://muster.example:4000" }, false],
    [{ host, "sec-fetch-site": "same-site" }, false],
    [{ host, "sec-fetch-site": "cross-site" }, false],
  ])("%j: ours %s", (headers, ours) => {
    expect(isOfThisOrigin({ headers })).toBe(ours);
    expect(isForeign({ headers })).toBe(!ours);
  });

  it.each([{ host }, { host, "sec-fetch-site": "none" }])("%j shows nothing: neither ours nor foreign", (headers) => {
    expect(isOfThisOrigin({ headers })).toBe(false);
    expect(isForeign({ headers })).toBe(false);
  });
});
