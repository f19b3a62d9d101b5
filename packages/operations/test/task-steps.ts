import fc from "fast-check";

/** Kinds of tasks: every worker can do the first, only the last one the second. */
export const KINDS = ["build", "lint"] as const;
export const QUEUES = ["first", "second"] as const;
/** Concurrency keys with their limits. */
export const KEYS = { single: 1, pair: 2 } as const;
export const WORKERS = 3;
export const ROOM = 2;

export interface NewTask {
  readonly kind: (typeof KINDS)[number];
  readonly queue: (typeof QUEUES)[number];
  readonly priority: number;
  readonly key: keyof typeof KEYS | null;
  /** Waits for its time. */
  readonly delayed: boolean;
  readonly deadline: boolean;
  readonly timeout: boolean;
  readonly maxFailures: number;
  /** The worker that it is meant for. */
  readonly target: number | null;
}

/** Something that someone does; `task` and `worker` choose one of those that there are. */
export type Step =
  | { readonly do: "create"; readonly task: NewTask }
  | { readonly do: "claim"; readonly worker: number; readonly max: number }
  | {
      readonly do: "start" | "progress" | "complete" | "fail" | "failForGood";
      readonly task: number;
      readonly stale: boolean;
    }
  | { readonly do: "cancel" | "retry"; readonly task: number }
  /** Time passes for one task: its lease, time limit, grace period or deadline ends, or its time comes. */
  | { readonly do: "leaseEnds" | "timeOut" | "graceEnds" | "deadlinePasses" | "comesDue"; readonly task: number }
  | { readonly do: "pause" | "resume"; readonly queue: (typeof QUEUES)[number] }
  | { readonly do: "lose" | "recover" | "stop" | "activate" | "drain" | "bringBack"; readonly worker: number };

const newTask: fc.Arbitrary<NewTask> = fc.record({
  kind: fc.constantFrom("build", "build", "build", "lint"),
  queue: fc.constantFrom(...QUEUES),
  priority: fc.nat({ max: 2 }),
  key: fc.constantFrom(null, null, "single", "single", "pair"),
  delayed: fc.constantFrom(false, false, false, true),
  deadline: fc.boolean(),
  timeout: fc.boolean(),
  maxFailures: fc.constantFrom(1, 2, 3),
  target: fc.constantFrom(null, null, null, 0, 1),
});
const task = fc.nat({ max: 7 });
const worker = fc.nat({ max: WORKERS - 1 });
const stale = fc.constantFrom(false, false, false, true);

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant("create" as const), task: newTask }) },
  {
    weight: 8,
    arbitrary: fc.record({ do: fc.constant("claim" as const), worker, max: fc.integer({ min: 1, max: 3 }) }),
  },
  { weight: 6, arbitrary: fc.record({ do: fc.constant("start" as const), task, stale }) },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constantFrom("progress" as const, "complete", "complete", "fail", "failForGood"),
      task,
      stale,
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom("cancel" as const, "cancel", "retry"), task }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constantFrom("leaseEnds" as const, "timeOut", "graceEnds", "deadlinePasses", "comesDue"),
      task,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom("pause" as const, "resume"), queue: fc.constantFrom(...QUEUES) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom("lose" as const, "recover", "stop", "activate", "activate", "drain", "bringBack"),
      worker,
    }),
  },
);

/** A history begins with some tasks, so that there is something to do. */
export function histories(length: number): fc.Arbitrary<Step[]> {
  const first = fc.array(fc.record({ do: fc.constant("create" as const), task: newTask }), {
    minLength: 3,
    maxLength: 6,
  });
  const rest = fc.array(step, { minLength: length / 2, maxLength: length, size: "max" });
  return fc.tuple(first, rest).map(([begin, then]) => [...begin, ...then]);
}
