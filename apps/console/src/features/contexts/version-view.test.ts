import { describe, expect, it } from "vitest";
import { viewIn } from "#features/contexts/version-view.ts";

const view = (address: string) => viewIn(new URLSearchParams(address));

describe("viewIn", () => {
  it("reads one version, or two to compare", () => {
    expect(view("version=7")).toEqual({ version: 7 });
    expect(view("compare=5..7")).toEqual({ compare: { from: 5, to: 7 } });
    expect(view("compare=7..5&version=3")).toEqual({ compare: { from: 7, to: 5 } });
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
    ]) {
      expect(view(address)).toEqual({});
    }
  });
});
