import type { ExportedEntry } from "@muster/identity/audit/export-entries.ts";

const COLUMNS: readonly [name: string, value: (entry: ExportedEntry) => unknown][] = [
  ["id", (entry) => entry.id],
  ["at", (entry) => entry.at],
  ["type", (entry) => entry.type],
  ["subject", (entry) => entry.subject],
  ["subject_version", (entry) => entry.subjectVersion],
  ["actor_kind", (entry) => entry.actor.kind],
  ["actor_id", (entry) => entry.actor.id],
  ["actor_name", (entry) => entry.actor.name],
  ["credential_kind", (entry) => entry.credential?.kind],
  ["credential_id", (entry) => entry.credential?.id],
  ["credential_name", (entry) => entry.credential?.name],
  ["address", (entry) => entry.address],
  ["reason", (entry) => entry.reason],
  ["correlation", (entry) => entry.correlation],
  ["workspace", (entry) => entry.workspace],
  ["project", (entry) => entry.project],
  ["before", (entry) => entry.before],
  ["after", (entry) => entry.after],
  ["payload", (entry) => entry.payload],
  ["sealed", (entry) => entry.sealed],
];

/** The first line of an export as CSV (RFC 4180). */
export const CSV_HEAD = `${COLUMNS.map(([name]) => name).join(",")}\r\n`;

/** An entry as a line of CSV. */
export function csvLine(entry: ExportedEntry): string {
  return `${COLUMNS.map(([, value]) => csvCell(value(entry))).join(",")}\r\n`;
}

/**
 * One cell. A spreadsheet takes a text that begins with one of =, +, -, @ or a control character for a formula and runs it: an
 * apostrophe before it makes it a text.
 */
export function csvCell(value: unknown): string {
  if (value === null || value === undefined) return "";
  const plain = typeof value === "string" ? value : JSON.stringify(value);
  const text = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/.test(plain) ? `'${plain}` : plain;
  return /[",\r\n\t']/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
