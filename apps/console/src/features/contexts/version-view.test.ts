import { describe, expect, it } from "vitest";
import { historyOf, pointerIn, viewIn } from "#features/contexts/version-view.ts";
import { routes } from "#routes.ts";

const view = (address: string) => viewIn(new URLSearchParams(address));

describe("viewIn", () => {
  it("reads one version, or two to compare", () => {
    expect(view("version=7")).toEqual({ version: 7 });
    expect(view("compare=5..7")).toEqual({ compare: { from: 5, to: 7 } });
    expect(view("compare=7..5&version=3")).toEqual({ compare: { from: 7, to: 5 } });
    expect(view("with=ctx_01abc@3&version=7")).toEqual({ version: 7, with: "ctx_01abc@3" });
  });

  it("reads whose history is shown, how comparisons read, and what is listed", () => {
    expect(view("history=/plan&mode=split&full=1&message=a&author=agents&only=held")).toEqual({
      history: "/plan",
      mode: "split",
      full: "1",
      message: "a",
      author: "agents",
      only: "held",
    });
    for (const pointer of ["", "/", "/a b/~1"]) expect(pointerIn(historyOf(pointer))).toBe(pointer);
  });

  it("takes what makes no sense for the newest", () => {
    for (const address of [
      "",
      "version=",
      "version=0",
      "version=-1",
      "version=1.5",
      "compare=1",
      "compare=0..2",
      "compare=a..b",
      "with=agent_1@2",
      "mode=toString&full=yes&only=none",
    ]) {
      expect(view(address)).toEqual({});
    }
  });

  it("is read back from the address that it makes", () => {
    const shown = { compare: { from: 1, to: 2 }, mode: "tree", full: "1", message: "a, b" };
    const address = routes.context({ workspace: "demo", project: "app" }, "ctx_1", shown);
    expect(view(address.slice(address.indexOf("?")))).toEqual(shown);
  });
});
