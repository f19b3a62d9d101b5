import { afterAll, beforeAll, describe, it } from "vitest";
import { BROWSER_SET_UP_MS } from "./browser/open-browser.ts";
import { expect } from "./site/expect.ts";
import { openPage } from "./site/open-page.ts";
import { indicator, paths } from "./site/screens.ts";
import { type Site, startSite } from "./site/start-site.ts";

describe("a Muster that runs known operations only, and tells nobody its schema", () => {
  let site: Site;
  beforeAll(async () => {
    site = await startSite([], { MUSTER_OPERATIONS: "persisted", MUSTER_INTROSPECTION: "0" });
  }, BROWSER_SET_UP_MS);
  afterAll(() => site?.stop());

  it("serves the console, which sends hashes and no texts", async () => {
    const sent: string[] = [];
    const profile = await site.operator();
    const note = (text: string | Buffer | null) => void (text && sent.push(String(text)));
    profile.on("request", (request) => request.url().endsWith("/graphql") && note(request.postData()));
    profile.on("page", (page) =>
      page.on("websocket", (socket) => socket.on("framesent", ({ payload }) => note(payload))),
    );
    const page = await openPage(Promise.resolve(profile), paths.inProject("overview"));
    await expect(indicator(page)).toHaveText("Live");
    await expect(page.getByRole("heading", { name: "Work" })).toBeVisible();
    await page.goto(paths.inProject("fleet"));
    await expect(page.getByText("reviewer").first()).toBeVisible();
    const operations = sent.filter((text) => /"variables"|"query"/.test(text));
    expect(operations.length).toBeGreaterThan(3);
    for (const text of operations) {
      expect(text).toMatch(/"sha256Hash":"[0-9a-f]{64}"/);
      expect(text).not.toMatch(/"query":"[^"]/);
    }
  });
});
