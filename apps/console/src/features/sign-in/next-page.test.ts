import { describe, expect, it } from "vitest";
import { nextPage } from "#features/sign-in/next-page.ts";

const ORIGIN = "https://muster.example:4000";

describe("the page after signing in", () => {
  it.each([
    "/",
    "/projects/demo/app/fleet",
    "/projects/demo/app/agents/agent_01?event=event_7",
    "/projects/demo/app/contexts/ctx_01?compare=1..2#changes",
  ])("is the one that was asked for: %s", (next) => {
    expect(nextPage(next, ORIGIN)).toBe(next);
  });

  it.each([
    null,
    "",
    "fleet",
    "https://evil.example/",
    "https:evil.example",
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "\t//evil.example",
    " //evil.example",
    "/.//evil.example",
    "/a/..//evil.example",
    "/%2e//evil.example",
    "/.\\/evil.example",
    "//muster.example:4000@evil.example/",
    "//[",
    "javascript:alert(1)",
    "/sign-in",
    "/sign-in?next=/sign-in",
    "/set-password",
  ])("is the first one instead of %j", (next) => {
    expect(nextPage(next, ORIGIN)).toBe("/");
  });

  it("is never read as another origin, however it is put together", () => {
    const parts = [
      "/",
      "//",
      "\\",
      ".",
      "..",
      "%2f",
      "%5c",
      "%09",
      "\t",
      "\r\n",
      "@",
      ":",
      "?",
      "#",
      "evil.example",
      "http:",
    ];
    for (const a of parts)
      for (const b of parts)
        for (const c of parts)
          for (const d of parts) {
            const path = nextPage(a + b + c + d, ORIGIN);
            if (new URL(path, ORIGIN).origin !== ORIGIN) expect.fail(`${JSON.stringify(a + b + c + d)} leads away`);
          }
  });
});
