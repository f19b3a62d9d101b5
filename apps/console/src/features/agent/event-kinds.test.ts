import { describe, expect, it } from "vitest";
import { EVENT_KINDS, kindsIn, kindsText, toggled, typesOf } from "#features/agent/event-kinds.ts";

describe("kinds of events", () => {
  it("are all shown until some are chosen", () => {
    for (const text of [undefined, "", "nonsense"]) expect(kindsIn(text)).toEqual(EVENT_KINDS);
    expect(kindsIn("tasks,nonsense")).toEqual(["tasks"]);
  });

  it("stand in the address in one order", () => {
    expect(kindsText(["contexts", "transitions"])).toBe("transitions,contexts");
    expect(kindsIn(kindsText(["contexts", "transitions"]))).toEqual(["transitions", "contexts"]);
  });

  it("are asked for by type, and without a filter when all are shown", () => {
    expect(typesOf(EVENT_KINDS)).toBeNull();
    expect(typesOf(["tasks"])).toEqual(["task.transitioned"]);
    expect(typesOf(["transitions", "contexts"])).toContain("context.version_written");
  });

  it("are shown and hidden one by one, and never none", () => {
    expect(toggled(EVENT_KINDS, "tasks")).toEqual(["transitions", "contexts"]);
    expect(toggled(["transitions"], "tasks")).toEqual(["transitions", "tasks"]);
    expect(toggled(["transitions"], "transitions")).toEqual(EVENT_KINDS);
  });
});
