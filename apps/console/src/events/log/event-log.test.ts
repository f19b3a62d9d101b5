import { afterEach, describe, expect, it, vi } from "vitest";
import { createEventLog, type EventLog, type EventLogOptions } from "#events/log/event-log.ts";
import { FakeSource } from "#events/log/fake-source.ts";

const logs: EventLog[] = [];
afterEach(() => {
  for (const log of logs.splice(0)) log.close();
});

function openLog(source: FakeSource, options: Partial<EventLogOptions> = {}): EventLog {
  const log = createEventLog({
    source,
    filter: {},
    keep: () => true,
    begin: "newest",
    soon: (work) => work,
    ...options,
  });
  logs.push(log);
  return log;
}
const numbers = (log: EventLog) => log.state().rows.map(({ number }) => number);
const ends = (log: EventLog) => [numbers(log)[0], numbers(log).at(-1)];
const ready = (log: EventLog) => vi.waitFor(() => expect(log.state().ready).toBe(true));
const until = (check: () => void) => vi.waitFor(check);
const isWhole = (log: EventLog) => {
  const found = numbers(log);
  return found.every((number, at) => at === 0 || found[at - 1] === number + 1);
};

describe("a list of events", () => {
  it("begins with the newest, and goes back page by page without a gap", async () => {
    const log = openLog(new FakeSource(250));
    await ready(log);
    expect(ends(log)).toEqual([250, 151]);
    log.loadOlder();
    log.loadOlder();
    await until(() => expect(ends(log)).toEqual([250, 51]));
    log.loadOlder();
    await until(() => expect(log.state().hasOlder).toBe(false));
    expect(ends(log)).toEqual([250, 1]);
    expect(isWhole(log)).toBe(true);
  });

  it("begins with the oldest when that is wanted, and becomes live at its end", async () => {
    const source = new FakeSource(150);
    const log = openLog(source, { begin: "oldest" });
    await ready(log);
    expect(ends(log)).toEqual([100, 1]);
    source.happen(2);
    expect(log.state()).toMatchObject({ waiting: 2, hasNewer: true });
    log.loadNewer();
    await until(() => expect(log.state().hasNewer).toBe(false));
    source.happen(1);
    expect(ends(log)).toEqual([153, 1]);
    expect(log.state().waiting).toBe(0);
    expect(isWhole(log)).toBe(true);
  });

  it("begins around an event that is far back, with few questions", async () => {
    const source = new FakeSource(5_000);
    const log = openLog(source, { begin: { event: "event_1234" } });
    await ready(log);
    expect(numbers(log)).toContain(1_234);
    expect(log.state()).toMatchObject({ hasOlder: true, hasNewer: true });
    expect(isWhole(log)).toBe(true);
    expect(source.reads).toBeLessThanOrEqual(4);
    log.go("newest");
    await until(() => expect(ends(log)[0]).toBe(5_000));
  });

  it("does not look for an event that is among the newest, or that does not exist", async () => {
    const source = new FakeSource(500);
    const near = openLog(source, { begin: { event: "event_490" } });
    await ready(near);
    expect(source.reads).toBe(1);
    const none = openLog(source, { begin: { event: "event_9999" } });
    await ready(none);
    expect(ends(none)).toEqual([500, 401]);
  });

  it("shows what happens, each event once", async () => {
    const source = new FakeSource(10);
    const log = openLog(source);
    await ready(log);
    source.happen(3);
    expect(numbers(log)).toEqual([13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
  });

  it("counts what happens while it is held, and shows it afterwards", async () => {
    const source = new FakeSource(10);
    const log = openLog(source);
    await ready(log);
    log.hold(true);
    source.happen(3);
    expect(log.state()).toMatchObject({ waiting: 3, skipped: 0 });
    expect(ends(log)[0]).toBe(10);
    log.hold(false);
    expect(log.state().waiting).toBe(0);
    expect(ends(log)[0]).toBe(13);
  });

  it("keeps a part of what happens while it is held, and reads anew when that is not all", async () => {
    const source = new FakeSource(10);
    const log = openLog(source);
    await ready(log);
    log.hold(true);
    source.happen(1_500);
    expect(log.state()).toMatchObject({ waiting: 1_500, skipped: 500 });
    log.hold(false);
    await until(() => expect(ends(log)[0]).toBe(1_510));
    expect(log.state()).toMatchObject({ waiting: 0, skipped: 0, hasOlder: true });
    expect(isWhole(log)).toBe(true);
  });

  it("is bounded, however far one reads, and finds back", async () => {
    const source = new FakeSource(4_000);
    const log = openLog(source);
    await ready(log);
    for (let page = 0; page < 30; page += 1) {
      const before = ends(log)[1];
      log.loadOlder();
      await until(() => expect(ends(log)[1]).not.toBe(before));
    }
    expect(numbers(log).length).toBeLessThanOrEqual(2_000);
    expect(log.state().hasNewer).toBe(true);
    expect(isWhole(log)).toBe(true);
    source.happen(5);
    expect(log.state().waiting).toBe(5);
    while (log.state().hasNewer) {
      const before = ends(log)[0];
      log.loadNewer();
      await until(() => expect(ends(log)[0]).not.toBe(before));
    }
    expect(ends(log)[0]).toBe(4_005);
    expect(isWhole(log)).toBe(true);
    expect(numbers(log).length).toBeLessThanOrEqual(2_000);
  });

  it("goes back from events that only the feed has told of", async () => {
    const source = new FakeSource(10);
    const log = openLog(source);
    await ready(log);
    for (let time = 0; time < 5; time += 1) source.happen(500);
    expect(numbers(log)).toHaveLength(2_000);
    log.loadOlder();
    await until(() => expect(ends(log)[1]).toBeLessThan(511));
    expect(isWhole(log)).toBe(true);
  });

  it("does not follow where nothing new can match", async () => {
    const source = new FakeSource(10);
    const log = openLog(source, { filter: { before: new Date(1_700_000_005_000).toISOString() } });
    await ready(log);
    expect(numbers(log)).toEqual([4, 3, 2, 1]);
    expect(source.following).toBeNull();
  });

  it("leaves out what is not kept, of pages and of the feed", async () => {
    const source = new FakeSource(10);
    const log = openLog(source, { keep: ({ type }) => type === "agent.updated" });
    await ready(log);
    source.happen(2);
    expect(numbers(log)).toEqual([12, 10, 8, 6, 4, 2]);
  });

  it("says when a page cannot be read, keeps what is there, and tries again when asked", async () => {
    const source = new FakeSource(300);
    const log = openLog(source);
    await ready(log);
    source.failing = true;
    log.loadOlder();
    await until(() => expect(log.state().older).toBe("failed"));
    expect(ends(log)).toEqual([300, 201]);
    source.failing = false;
    log.loadOlder();
    await until(() => expect(ends(log)).toEqual([300, 101]));
    expect(log.state().older).toBe("idle");
  });

  it("reads anew when the feed has missed something", async () => {
    const source = new FakeSource(10);
    const log = openLog(source);
    await ready(log);
    const { following } = source;
    source.following = null;
    source.happen(200);
    expect(await following?.onMissed()).toBe("210");
    expect(ends(log)).toEqual([210, 111]);
  });
});
