import { bookmarked, ordered, type RecordedFrame, unique } from "@muster/events/testing/validators.ts";
import type { Random } from "../random.ts";
import { type ClientFrame, eventNumber, type Field } from "./frame.ts";

/** A place in a history from which a client may go on: `frames` frames were taken, the last one had this cursor. */
export interface ResumePoint {
  readonly frames: number;
  readonly cursor: string;
}

/** So many cursors are kept of the newest frames; of the older ones each `SAMPLED`th. */
const RECENT = 1_000;
const SAMPLED = 200;
/** So many frames are what came lately. */
const LATELY = 200;

/** Frames are the same objects in all histories: a run has a few events and many who are told of them. */
const shared = new Map<string, RecordedFrame>();
const BOOKMARKS = [false, true].map((caughtUp): RecordedFrame => ({ kind: "Bookmark", caughtUp }));
const RESYNC: RecordedFrame = { kind: "ResyncRequired" };

/** What one client got, in order, over all its connections. */
export class RecordedHistory {
  readonly name: string;
  readonly field: Field;
  readonly start: string;
  readonly frames: RecordedFrame[] = [];
  /** When each frame came, in milliseconds. */
  readonly times: number[] = [];
  readonly resyncs: string[] = [];
  connections = 0;
  /** All frames that ever came, also those that were forgotten since. */
  received = 0;
  #recent: ResumePoint[] = [];
  #sampled: ResumePoint[] = [];
  #connectionBegan = 0;
  readonly #onDelivery: (key: string) => void;

  /** `onDelivery` is told of each event: its subject's public id, "@", its version. */
  constructor(name: string, field: Field, start: string, onDelivery: (key: string) => void = () => {}) {
    this.name = name;
    this.field = field;
    this.start = start;
    this.#onDelivery = onDelivery;
  }

  /** The cursor of the last frame. */
  get cursor(): string {
    return this.#recent.at(-1)?.cursor ?? this.#sampled.at(-1)?.cursor ?? this.start;
  }

  /** The cursor of the last frame if that is a bookmark: all before it is whole. */
  get bookmark(): string | null {
    return this.frames.at(-1)?.kind === "Bookmark" ? this.cursor : null;
  }

  record(frame: ClientFrame): void {
    this.received += 1;
    this.frames.push(recordedFrame(frame));
    this.times.push(performance.now());
    this.#recent.push({ frames: this.frames.length, cursor: frame.cursor });
    if (this.#recent.length > RECENT + SAMPLED) {
      this.#sampled.push(...this.#recent.splice(0, SAMPLED).filter(({ frames }) => frames % SAMPLED === 0));
    }
    if (frame.__typename === "EventDelivery") {
      this.#onDelivery(`${frame.event.subjectId}@${frame.event.subjectVersion}`);
    }
    if (frame.__typename === "ResyncRequired") this.resyncs.push(frame.reason);
  }

  /** Where the client was a moment ago. */
  recentPoint(random: Random): ResumePoint {
    return this.#recent.at(-random.between(1, LATELY)) ?? this.anyPoint(random);
  }

  /** Somewhere from where the client can go on. */
  anyPoint(random: Random): ResumePoint {
    return random.pick([{ frames: 0, cursor: this.start }, ...this.#sampled, ...this.#recent]);
  }

  /** Ends a connection: says what was wrong with it on its own, whatever becomes of its frames. */
  endConnection(mostMs: number): { guarantee: "unique" | "ordered" | "bookmarked"; what: string }[] {
    const began = this.#connectionBegan;
    const frames = this.frames.slice(began);
    const timed = frames.map((frame, index) => ({ frame, at: this.times[began + index] ?? 0 }));
    this.#connectionBegan = this.frames.length;
    this.connections += 1;
    const found = { unique: unique(frames), ordered: ordered(frames), bookmarked: bookmarked(timed, mostMs) } as const;
    return (["unique", "ordered", "bookmarked"] as const).flatMap((guarantee) =>
      found[guarantee].map((what) => ({ guarantee, what: `${this.name}, one connection: ${what}` })),
    );
  }

  /** Forgets what came after a point, because the client goes on from there. Between two connections only. */
  rewind({ frames }: ResumePoint): void {
    this.frames.length = frames;
    this.times.length = frames;
    this.#recent = this.#recent.filter((point) => point.frames <= frames);
    this.#sampled = this.#sampled.filter((point) => point.frames <= frames);
    this.#connectionBegan = frames;
  }
}

function recordedFrame(frame: ClientFrame): RecordedFrame {
  if (frame.__typename === "ResyncRequired") return RESYNC;
  if (frame.__typename === "Bookmark") return BOOKMARKS[Number(frame.caughtUp)] ?? RESYNC;
  const { subjectId, subjectVersion } = frame.event;
  const key = `${frame.event.id} ${subjectId} ${subjectVersion}`;
  const known = shared.get(key);
  if (known) return known;
  const made: RecordedFrame = {
    kind: "EventDelivery",
    event: { id: eventNumber(frame.event), subjectId, subjectVersion },
  };
  shared.set(key, made);
  return made;
}
