import { openDatabase } from "@muster/database/database.ts";
import { statement } from "@muster/database/statement.ts";
import { createTestDatabase } from "@muster/database/test-database.ts";
import { findViolations } from "@muster/operations/testing/consistency.ts";
import { expect, onTestFinished } from "vitest";
import { eventually } from "./processes.ts";

/** A database of its own, for server processes; it goes with the test. */
export async function databaseForTest(): Promise<string> {
  const database = await createTestDatabase();
  onTestFinished(() => database.drop());
  return database.url;
}

/** Looks into a database past its servers, for the length of a test. */
export function lookInto(url: string) {
  const database = openDatabase({ url, connections: 2 });
  onTestFinished(() => database.close());
  const violations = (settled: boolean) =>
    findViolations((text, values) => database.run<object>(statement(text), values), { settled });
  return {
    /** Rows of SQL with positional parameters. */
    read: <Row>(text: string, ...values: unknown[]): Promise<Row[]> => database.run(statement<Row>(text), values),
    /** State rows, histories and counters agree at this moment. */
    async expectConsistent() {
      expect(await violations(false)).toEqual([]);
    },
    /** And nobody who waited for something that has happened still waits, a few seconds later. */
    async expectSettled() {
      expect(await violations(false)).toEqual([]);
      expect(
        await eventually(
          () => violations(true),
          (found) => found.length === 0,
          10_000,
        ),
      ).toEqual([]);
    },
  };
}
