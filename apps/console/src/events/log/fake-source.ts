import type { EventFilter } from "#api/generated/graphql.ts";
import type { EventSource, Following, ListedEvent, PageWanted } from "#events/log/event-source.ts";
import { eventNumber } from "#live/merge-events.ts";

/** A log in memory, for tests. One event a second. */
export class FakeSource implements EventSource {
  readonly key = "fake";
  readonly #events: ListedEvent[];
  following: Following | null = null;
  /** How often it was read. */
  reads = 0;
  failing = false;

  constructor(count: number) {
    this.#events = Array.from({ length: count }, (_, at) => fakeEvent(at + 1));
  }

  read = async (page: PageWanted, filter: EventFilter) => {
    this.reads += 1;
    await Promise.resolve();
    if (this.failing) throw new Error("away");
    const matching = this.#events.filter(({ at, type }) => {
      const time = Date.parse(at);
      const since = filter.after == null || time >= Date.parse(filter.after);
      const until = filter.before == null || time < Date.parse(filter.before);
      return since && until && (filter.types?.includes(type) ?? true);
    });
    const [after, before] = [
      "after" in page ? Number(page.after) : 0,
      "before" in page ? Number(page.before) : Infinity,
    ];
    const between = matching.filter((event) => eventNumber(event) > after && eventNumber(event) < before);
    const events = "first" in page ? between.slice(0, page.first) : between.slice(-page.last);
    const [first, last] = [events[0], events.at(-1)];
    return {
      project: "prj_1",
      cursor: String(this.#events.length),
      page: {
        edges: events.map((node) => ({ node, cursor: String(eventNumber(node)) })),
        pageInfo: {
          hasPreviousPage: first !== undefined && matching[0] !== first,
          hasNextPage: last !== undefined && matching.at(-1) !== last,
          startCursor: first ? String(eventNumber(first)) : null,
          endCursor: last ? String(eventNumber(last)) : null,
        },
      },
    };
  };

  timeOf = async (event: string) => {
    await Promise.resolve();
    return this.#events.find(({ id }) => id === event)?.at ?? null;
  };

  follow = (following: Following) => {
    this.following = following;
    return new Promise<void>(() => {});
  };

  /** Something happens; whoever follows hears of it. */
  happen(count: number): void {
    for (let at = 0; at < count; at += 1) {
      const event = fakeEvent(this.#events.length + 1);
      this.#events.push(event);
      this.following?.onEvent(event);
    }
  }
}

function fakeEvent(number: number): ListedEvent {
  return {
    __typename: "OtherEvent",
    id: `event_${number}`,
    type: number % 2 === 0 ? "agent.updated" : "agent.connected",
    at: new Date(1_700_000_000_000 + number * 1_000).toISOString(),
    actor: { kind: "SYSTEM", id: null, name: "muster" },
    reason: null,
    correlationId: null,
    subjectId: "agent_1",
    subjectVersion: number,
    payload: {},
  } as ListedEvent;
}
