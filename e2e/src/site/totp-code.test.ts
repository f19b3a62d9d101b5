import { expect, it, vi } from "vitest";
import { totpCode } from "./totp-code.ts";

it("shows what RFC 6238 says", () => {
  // "12345678901234567890", at 59 and at 1111111109 seconds.
  const secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
  vi.useFakeTimers({ now: 59_000 });
  expect(totpCode(secret)).toBe("287082");
  vi.setSystemTime(1_111_111_109_000);
  expect(totpCode(secret)).toBe("081804");
  vi.useRealTimers();
});
