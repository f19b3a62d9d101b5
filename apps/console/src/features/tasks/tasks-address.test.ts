import { describe, expect, it } from "vitest";
import { presetOf } from "#features/tasks/task-presets.ts";
import { filterOf, narrows, orderFields, tasksAddress, viewOf } from "#features/tasks/tasks-address.ts";
import { routes } from "#routes.ts";

const NOW = Date.parse("2026-11-21T12:00:00.000Z");
const read = (query: string) => tasksAddress(new URLSearchParams(query));
const project = { workspace: "demo", project: "app" };

describe("the address of a list of tasks", () => {
  it("becomes the API's filter", () => {
    expect(filterOf(read(""), NOW)).toEqual({});
    const query =
      "state=failed,nonsense&search=rev&kind=a,b&queue=q&error=timeout&key=k&rate=mails&from=24h&to=2026-11-21";
    expect(filterOf(read(query), NOW)).toEqual({
      states: ["FAILED"],
      search: "rev",
      kinds: ["a", "b"],
      queue: "q",
      errorKinds: ["timeout"],
      concurrencyKey: "k",
      rateLimitKey: "mails",
      createdAfter: "2026-11-20T12:00:00.000Z",
      createdBefore: "2026-11-21T00:00:00.000Z",
    });
    expect(filterOf(read("from=yesterday"), NOW)).toEqual({});
  });

  it.each([
    "",
    "?state=FAILED&error=timeout",
    "?state=WAITING,QUEUED&order=-priority",
    "?state=FAILED&kind=a,b&order=created",
    "?queue=nightly&from=7d&columns=name,state",
  ])("stays what it was: %s", (query) => {
    expect(routes.tasks(project, viewOf(read(query)))).toBe(`/projects/demo/app/tasks${query}`);
  });

  it("orders by what can be ordered by in these states only", () => {
    expect(read("order=priority").order).toEqual({ by: "created", descending: true });
    expect(read("state=QUEUED&order=priority").order).toEqual({ by: "priority", descending: false });
    expect(read("state=FAILED").order).toEqual({ by: "ended", descending: true });
    expect(orderFields(["FAILED", "QUEUED"])).toEqual(["created"]);
  });

  it("narrows by anything but the states", () => {
    expect(narrows(read("state=FAILED&order=created"))).toBe(false);
    expect(narrows(read("agent=agent_1"))).toBe(true);
  });

  it("is a preset when it asks for exactly its states", () => {
    expect(presetOf(read("").state)).toBe("all");
    expect(presetOf(read("state=QUEUED,WAITING").state)).toBe("waiting");
    expect(presetOf(read("state=QUEUED").state)).toBeNull();
  });
});
