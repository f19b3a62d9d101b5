import { describe, expect, it } from "vitest";
import { addressOf, logView } from "#features/webhooks/webhooks-view.ts";
import { routes } from "#routes.ts";

const demo = { workspace: "demo", project: "app" };
const read = (search: string) => logView(new URLSearchParams(search));

describe("the address of a webhook's page", () => {
  it("without anything shows all deliveries", () => {
    expect(read("")).toMatchObject({ filter: "all", delivery: undefined, after: undefined, before: undefined });
  });

  it("leaves out what cannot be", () => {
    expect(read("state=sideways").filter).toBe("all");
    expect(read("state=toString").filter).toBe("all");
    expect(read("after=a&before=b")).toMatchObject({ after: undefined, before: "b" });
  });

  it("comes back as it was", () => {
    const address = "/projects/demo/app/webhooks/whk_1?state=pending&delivery=whd_1&after=x";
    expect(routes.webhook(demo, "whk_1", addressOf(read(address.split("?")[1] ?? "")))).toBe(address);
    expect(routes.webhook(demo, "whk_1", addressOf(read("")))).toBe("/projects/demo/app/webhooks/whk_1");
  });
});
