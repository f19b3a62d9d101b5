import { placeKey, widerPlacesOf } from "./feed-place.ts";
import type { TopicColumn } from "./filter.ts";
import type { EventDelivery } from "./frame.ts";
import type { TailSubscriber } from "./tail.ts";
import { Topics } from "./topics.ts";

/** The subscribers of one place, to be found by what an event is about: those that name other things are not looked at. */
class PlaceSubscribers {
  readonly #ofAll = new Set<TailSubscriber>();
  readonly #ofTopic = new Map<TopicColumn, Topics<string, TailSubscriber>>();

  get isEmpty(): boolean {
    return this.#ofAll.size === 0 && this.#ofTopic.size === 0;
  }

  add(subscriber: TailSubscriber): void {
    const { topics } = subscriber;
    if (!topics) return void this.#ofAll.add(subscriber);
    const column = this.#ofTopic.get(topics.column) ?? new Topics<string, TailSubscriber>();
    for (const id of topics.ids) column.add(id, subscriber);
    if (!column.isEmpty) this.#ofTopic.set(topics.column, column);
  }

  delete(subscriber: TailSubscriber): void {
    const { topics } = subscriber;
    if (!topics) return void this.#ofAll.delete(subscriber);
    const column = this.#ofTopic.get(topics.column);
    for (const id of topics.ids) column?.delete(id, subscriber);
    if (column?.isEmpty) this.#ofTopic.delete(topics.column);
  }

  /** Whom these frames may concern, each with its own of them, in their order. */
  deal(frames: readonly EventDelivery[]): Map<TailSubscriber, readonly EventDelivery[]> {
    const dealt = new Map<TailSubscriber, EventDelivery[]>();
    for (const [column, topics] of this.#ofTopic) {
      for (const frame of frames) {
        for (const subscriber of topics.of(frame.event[column] ?? "")) {
          const there = dealt.get(subscriber);
          if (there) there.push(frame);
          else dealt.set(subscriber, [frame]);
        }
      }
    }
    const all: Map<TailSubscriber, readonly EventDelivery[]> = dealt;
    for (const subscriber of this.#ofAll) all.set(subscriber, frames);
    return all;
  }
}

/** Who hangs on the tail, by place and topic: an event looks only at those whom it may concern. */
export class FanOut {
  readonly #places = new Map<string, PlaceSubscribers>();
  /** How many follow more than a project: without them no event is asked for its other places. */
  #wider = 0;
  readonly #all = new Set<TailSubscriber>();

  /** Everyone as they are now: adding and deleting meanwhile changes nothing for the caller. */
  all(): TailSubscriber[] {
    return [...this.#all];
  }

  add(subscriber: TailSubscriber): void {
    if (this.#all.has(subscriber)) return;
    const key = placeKey(subscriber.place);
    const there = this.#places.get(key) ?? new PlaceSubscribers();
    there.add(subscriber);
    this.#places.set(key, there);
    this.#all.add(subscriber);
    if (isWider(subscriber)) this.#wider += 1;
  }

  delete(subscriber: TailSubscriber): void {
    if (!this.#all.delete(subscriber)) return;
    const key = placeKey(subscriber.place);
    const there = this.#places.get(key);
    there?.delete(subscriber);
    if (there?.isEmpty) this.#places.delete(key);
    if (isWider(subscriber)) this.#wider -= 1;
  }

  /** Whom a page of events may concern, each with its own of them, in their order. They come by project and all together. */
  *deal(
    byProject: ReadonlyMap<string | null, readonly EventDelivery[]>,
    page: readonly EventDelivery[],
  ): Generator<[TailSubscriber, readonly EventDelivery[]]> {
    for (const [projectId, frames] of byProject) {
      if (projectId !== null) yield* this.#places.get(projectId)?.deal(frames) ?? [];
    }
    if (this.#wider === 0) return;
    const byPlace = new Map<string, EventDelivery[]>();
    for (const frame of page) {
      for (const key of widerPlacesOf(frame.event)) {
        const there = byPlace.get(key);
        if (there) there.push(frame);
        else if (this.#places.has(key)) byPlace.set(key, [frame]);
      }
    }
    for (const [key, frames] of byPlace) yield* this.#places.get(key)?.deal(frames) ?? [];
  }
}

function isWider({ place }: TailSubscriber): boolean {
  return typeof place === "string" || !("projectId" in place);
}
