import type { Connection } from "@muster/database/database.ts";
import { statement } from "@muster/database/statement.ts";
import { expect } from "vitest";
import { findViolations, type Violation } from "../src/testing/consistency.ts";
import { eventually } from "./workers.ts";

/** What breaks the invariants in a database, or in one project of it. */
export function violationsIn(
  connection: Connection,
  options?: { readonly projectId?: string; readonly settled?: boolean },
): Promise<Violation[]> {
  return findViolations((text, values) => connection.run<object>(statement(text), values), options);
}

/** State rows, histories and counters agree, now, and what waited for something that has happened does not wait any more. */
export async function expectSettled(connection: Connection, projectId?: string): Promise<void> {
  const options = { settled: true, ...(projectId === undefined ? {} : { projectId }) };
  expect(await violationsIn(connection, projectId === undefined ? {} : { projectId })).toEqual([]);
  await eventually(async () => (await violationsIn(connection, options)).length === 0).catch(() => {});
  expect(await violationsIn(connection, options)).toEqual([]);
}
