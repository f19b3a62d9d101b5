import type { TaskFilter, TaskOrder, TaskState } from "#api/generated/graphql.ts";
import { orderAddress, orderIn, type TableOrder } from "#components/table/table-order.ts";
import { TASK_STATES, taskHasEnded } from "#lifecycles/task-states.tsx";
import type { TasksView } from "#routes.ts";

/** What narrows the list, besides the states: each is a chip. */
export const NARROWING = [
  "kind",
  "queue",
  "agent",
  "error",
  "key",
  "rate",
  "schedule",
  "workflow",
  "replayed",
  "from",
  "to",
] as const;
export type Narrowing = (typeof NARROWING)[number];

/** What the address says about the list of tasks. */
export interface TasksAddress extends Readonly<Partial<Record<Narrowing, string | undefined>>> {
  readonly state: readonly TaskState[];
  readonly search: string;
  readonly order: TableOrder;
  readonly columns: string | undefined;
  /** A task is being created: "new", or the id of the one that it is to be like. */
  readonly create: string | undefined;
}

const STATES = Object.keys(TASK_STATES) as TaskState[];
const FIELDS = { created: "CREATED_AT", due: "RUN_AT", priority: "PRIORITY", ended: "FINISHED_AT" } as const;

const NEWEST: TableOrder = { by: "created", descending: true };
const ENDED_LAST: TableOrder = { by: "ended", descending: true };

/** How tasks in these states are listed unless somebody says otherwise: those that have ended by their end. */
export function standardOrder(states: readonly TaskState[]): TableOrder {
  return states.length > 0 && states.every(taskHasEnded) ? ENDED_LAST : NEWEST;
}

/** The fields by which tasks in these states can be ordered without reading all of them. */
export function orderFields(states: readonly TaskState[]): readonly string[] {
  const some = (test: (state: TaskState) => boolean) => states.length > 0 && states.every(test);
  if (some(taskHasEnded)) return ["created", "ended"];
  return some((state) => !taskHasEnded(state)) ? ["created", "due", "priority"] : ["created"];
}

/** Reads an address; what it says that cannot be is left out. */
export function tasksAddress(address: Pick<URLSearchParams, "get">): TasksAddress {
  const asked = new Set((address.get("state") ?? "").toUpperCase().split(","));
  const state = STATES.filter((each) => asked.has(each));
  const narrowing = NARROWING.map((name) => [name, address.get(name)?.trim() || undefined] as const);
  return {
    ...Object.fromEntries(narrowing),
    state,
    search: (address.get("search") ?? "").trim(),
    order: orderIn(address.get("order"), orderFields(state), standardOrder(state)),
    columns: address.get("columns") ?? undefined,
    create: address.get("create") ?? undefined,
  };
}

/** The address that says it. */
export function viewOf({ order, ...address }: TasksAddress): TasksView {
  const possible = orderFields(address.state).includes(order.by);
  return { ...address, order: possible ? orderAddress(order, standardOrder(address.state)) : undefined };
}

/** Whether it leaves out tasks of every state. */
export function narrows(address: TasksAddress): boolean {
  return address.search !== "" || NARROWING.some((name) => address[name] !== undefined);
}

/** The same as the API takes it. `now`: from when "24h" counts back. */
export function filterOf(address: TasksAddress, now: number): TaskFilter {
  const { state, search, kind, queue, agent, error, key, rate, schedule, workflow, replayed, from, to } = address;
  const createdAfter = momentOf(from, now);
  const createdBefore = momentOf(to, now);
  return {
    ...(state.length > 0 && { states: [...state] }),
    ...(search !== "" && { search }),
    ...(kind !== undefined && { kinds: listOf(kind) }),
    ...(error !== undefined && { errorKinds: listOf(error) }),
    ...(queue !== undefined && { queue }),
    ...(agent !== undefined && { agent }),
    ...(key !== undefined && { concurrencyKey: key }),
    ...(rate !== undefined && { rateLimitKey: rate }),
    ...(schedule !== undefined && { schedule }),
    ...(workflow !== undefined && { workflow }),
    ...(replayed !== undefined && { replayed: replayed === "yes" }),
    ...(createdAfter !== null && { createdAfter }),
    ...(createdBefore !== null && { createdBefore }),
  };
}

export function apiOrder({ by, descending }: TableOrder): TaskOrder {
  return { field: FIELDS[by as keyof typeof FIELDS] ?? "CREATED_AT", direction: descending ? "DESC" : "ASC" };
}

const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** "24h" and "7d" count back from now, all else is a time; null when it is neither. */
export function momentOf(text: string | undefined, now: number): string | null {
  const [, count, unit] = /^(\d{1,4})([mhd])$/.exec(text ?? "") ?? [];
  const time = unit === undefined ? Date.parse(text ?? "") : now - Number(count) * (UNITS[unit] ?? 0);
  return Number.isNaN(time) ? null : new Date(time).toISOString();
}

function listOf(text: string): string[] {
  return text
    .split(",")
    .map((each) => each.trim())
    .filter((each) => each !== "");
}
