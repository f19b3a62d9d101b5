import { AsyncLocalStorage } from "node:async_hooks";
import { randomUUID } from "node:crypto";

const current = new AsyncLocalStorage<string>();

/** The id of the request that is being answered, or null outside of one. */
export function correlationId(): string | null {
  return current.getStore() ?? null;
}

/** Runs `work` as part of the request with this id: logs and events carry it. */
export function withCorrelation<Result>(id: string, work: () => Result): Result {
  return current.run(id, work);
}

/** The client's own id when it is a sane one, so that its logs and ours can be joined; else a new one. */
export function correlationIdFrom(header: string | string[] | undefined): string {
  return typeof header === "string" && /^[A-Za-z0-9._:-]{1,128}$/.test(header) ? header : randomUUID();
}
