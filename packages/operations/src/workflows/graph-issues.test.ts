import { describe, expect, it } from "vitest";
import { graphIssues } from "./graph-issues.ts";

const step = (name: string, ...dependsOn: string[]) => ({ step: name, dependsOn });

describe("what is wrong with a graph", () => {
  it("is nothing in a diamond, in steps apart, and where a step is named twice as a dependency", () => {
    expect(graphIssues([step("d", "b", "c"), step("b", "a"), step("c", "a", "a"), step("a")])).toEqual([]);
    expect(graphIssues([step("a"), step("b")])).toEqual([]);
  });

  it("is a name that two steps have", () => {
    expect(graphIssues([step("a"), step("b"), step("a")])).toEqual([
      { path: ["tasks", "2", "step"], message: "is taken: task 0 is the step a, too." },
    ]);
  });

  it("is a step that is not there", () => {
    expect(graphIssues([step("a"), step("b", "a", "z")])).toEqual([
      { path: ["tasks", "1", "dependsOn", "1"], message: "there is no step z in this workflow." },
    ]);
  });

  it("is a cycle, which is named from one of its steps around to the same", () => {
    expect(graphIssues([step("x"), step("a", "x", "c"), step("b", "a"), step("c", "b"), step("y", "c")])).toEqual([
      { path: ["tasks", "1", "dependsOn"], message: "waits for itself: a → c → b → a." },
    ]);
    expect(graphIssues([step("a", "a")])).toEqual([
      { path: ["tasks", "0", "dependsOn"], message: "waits for itself: a → a." },
    ]);
  });

  it("is found without recursion in the longest chain", () => {
    const chain = Array.from({ length: 1_000 }, (_, n) => step(`s${n}`, `s${(n + 1) % 1_000}`));
    const [issue] = graphIssues(chain);
    expect(issue?.message).toMatch(/^waits for itself: s0 → s1 → .* → s999 → s0\.$/);
    expect(graphIssues(chain.with(999, step("s999")))).toEqual([]);
  });
});
