import type { TopicColumn } from "./filter.ts";
import type { EventDelivery } from "./frame.ts";
import type { TailSubscriber } from "./tail.ts";
import { Topics } from "./topics.ts";

/** The subscribers of one project, to be found by what an event is about: those that name other things are not looked at. */
class ProjectSubscribers {
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

/** Who hangs on the tail, by project and topic: an event looks only at those whom it may concern. */
export class FanOut {
  readonly #projects = new Map<string, ProjectSubscribers>();
  readonly #all = new Set<TailSubscriber>();

  /** Everyone as they are now: adding and deleting meanwhile changes nothing for the caller. */
  all(): TailSubscriber[] {
    return [...this.#all];
  }

  add(subscriber: TailSubscriber): void {
    const project = this.#projects.get(subscriber.projectId) ?? new ProjectSubscribers();
    project.add(subscriber);
    this.#projects.set(subscriber.projectId, project);
    this.#all.add(subscriber);
  }

  delete(subscriber: TailSubscriber): void {
    if (!this.#all.delete(subscriber)) return;
    const project = this.#projects.get(subscriber.projectId);
    project?.delete(subscriber);
    if (project?.isEmpty) this.#projects.delete(subscriber.projectId);
  }

  /** Whom these events of a project may concern, each with its own of them, in their order. */
  deal(projectId: string, frames: readonly EventDelivery[]): Iterable<[TailSubscriber, readonly EventDelivery[]]> {
    return this.#projects.get(projectId)?.deal(frames) ?? [];
  }
}
