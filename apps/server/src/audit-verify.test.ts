import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openDatabase, type Database } from "@muster/database/database.ts";
import { statement } from "@muster/database/statement.ts";
import { createTestDatabase, type TestDatabase } from "@muster/database/test-database.ts";
import { createCheckpointSigner } from "@muster/identity/audit/checkpoint-signer.ts";
import { chainLines, checkpointLines } from "@muster/identity/audit/export-lines.ts";
import { signOverdueCheckpoints } from "@muster/identity/audit/record-checkpoints.ts";
import { Sealer } from "@muster/identity/audit/sealer.ts";
import { verificationKeys } from "@muster/identity/signing-keys.ts";
import type { Finding } from "@muster/identity/audit/verify/finding.ts";
import { readKeptCheckpoints, verifyExport } from "@muster/identity/audit/verify/verify-export.ts";
import { randomBytes, randomUUID } from "node:crypto";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";

const PROGRAM = fileURLToPath(new URL("audit-verify.ts", import.meta.url));

let place: TestDatabase;
let database: Database;
let folder: string;
let lines: string[];
const workspaces = [randomUUID(), randomUUID()];

const execute = (text: string, ...values: unknown[]) => database.run(statement(text), values);
async function textOf(parts: AsyncIterable<string>): Promise<string> {
  let text = "";
  for await (const part of parts) text += part;
  return text;
}
const fail = (error: Error) => {
  throw error;
};

beforeAll(async () => {
  place = await createTestDatabase();
  database = openDatabase({ url: place.url, onError: () => {} });
  folder = await mkdtemp(join(tmpdir(), "muster-verify-"));
  for (const id of workspaces) await execute("insert into workspaces (id, slug, name) values ($1, $2, 'W')", id, id);
  await execute(
    `insert into events (workspace_id, type, subject_id, subject_version, actor_kind, actor_name, payload)
    select ($1::uuid[])[1 + n % 2], 'workspace.updated', gen_random_uuid(), n, 'SYSTEM', 'test', jsonb_build_object('n', n) from generate_series(1, 100) n`,
    workspaces,
  );
  const signer = createCheckpointSigner(database, randomBytes(32));
  const sealer = new Sealer({ database, signer, onError: fail });
  while (await sealer.seal());
  await signOverdueCheckpoints(database, signer);
  await sealer.close();
  lines = (await textOf(chainLines(database, null))).trimEnd().split("\n");
  await writeFile(join(folder, "checkpoints.ndjson"), await textOf(checkpointLines(database, null)));
  const [key] = await verificationKeys(database, "AUDIT");
  await writeFile(join(folder, "key.json"), JSON.stringify(key));
});
afterAll(async () => {
  await database.close();
  await place.drop();
  await rm(folder, { recursive: true });
});

const describeFinding = ({ kind, chain, position, message }: Finding) =>
  `${kind} chain ${chain}, position ${position}: ${message}`;

async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [PROGRAM, ...args], { env: { PATH: process.env["PATH"] } }, (error, out, err) =>
      resolve({ code: error ? Number(error.code) : 0, out, err }),
    );
  });
}

const kept = () => ["--public-key", join(folder, "key.json"), "--checkpoints", join(folder, "checkpoints.ndjson")];

/** What is said of an export with these lines. */
async function ofExport(changed: readonly string[], ...args: string[]) {
  const path = join(folder, "export.ndjson");
  await writeFile(path, `${changed.join("\n")}\n`);
  return run("--file", path, ...args);
}

/** The line of a place; each chain has 50 of them, after the head of three lines. */
const lineOf = (position: number) => lines.findIndex((line) => line.includes(`"position":${position},`));

const without = (at: number) => lines.toSpliced(at, 1);
const instead = (at: number, from: string, to: string) => lines.with(at, (lines[at] ?? "").replace(from, to));

it("says that nothing is wrong with an export or a database that nobody has touched", async () => {
  expect(lines).toHaveLength(103);
  for (const args of [
    ["--database", place.url],
    ["--file", join(folder, "whole.ndjson")],
  ]) {
    await writeFile(join(folder, "whole.ndjson"), `${lines.join("\n")}\n`);
    const { code, out } = await run(...args, ...kept());
    expect(out).toMatch(
      /^100 events in 2 chains, \d checkpoints; 0 removed by retention, 0 not sealed yet.\nNothing is wrong.\n$/,
    );
    expect(code).toBe(0);
  }
  expect((await ofExport(lines)).out).toContain("give --public-key to be sure");
});

it("names what is wrong with an export", async () => {
  const swapped = lines.with(lineOf(7), lines[lineOf(8)] ?? "").with(lineOf(8), lines[lineOf(7)] ?? "");
  const added = lines.toSpliced(lineOf(9) + 1, 0, (lines[lineOf(9)] ?? "").replace('"n":', '"n":1'));
  const cases: [string, RegExp, readonly string[]][] = [
    [
      "edited",
      /^EDITED +chain \S+, position 5: The event \d+ \(workspace.updated\) is not what was sealed/,
      instead(lineOf(5), '"actorName":"test"', '"actorName":"Eve"'),
    ],
    ["deleted", /^DELETED +chain \S+, position 6: The chain's position 6 is gone/, without(lineOf(6))],
    ["reordered", /^REORDERED +chain \S+, position 7: The event \d+ stands after position 8/, swapped],
    ["inserted", /^INSERTED +chain \S+, position 9: The chain has a second event at position 9/, added],
    ["truncated", /^TRUNCATED +chain \S+, position 50: The chain ends at position 49/, lines.slice(0, -1)],
    ["a checkpoint changed", /^FORGED_CHECKPOINT /, instead(1, '"checkpoint":"ey', '"checkpoint":"eY')],
  ];
  const path = join(folder, "changed.ndjson");
  const { keys, checkpoints } = await readKeptCheckpoints(join(folder, "checkpoints.ndjson"));
  for (const [name, expected, changed] of cases) {
    await writeFile(path, changed.join("\n"));
    const found: Finding[] = [];
    await verifyExport(path, { keys, checkpoints, report: (finding) => found.push(finding) });
    expect(found.map(describeFinding), name).toEqual([expect.stringMatching(expected)]);
  }
  const { code, out } = await ofExport(cases[0]?.[2] ?? [], ...kept());
  expect(out).toMatch(cases[0]?.[1] ?? /-/);
  expect(out).toContain("1 thing is wrong.");
  expect(code).toBe(1);
});

it("says so when it cannot check", async () => {
  const runs = (
    [
      [[], "There is nothing to check."],
      [["--nonsense"], "Unknown option"],
      [["--file", join(folder, "missing")], "ENOENT"],
      [["--file", PROGRAM], "is not JSON"],
      [["--file", join(folder, "checkpoints.ndjson"), "--public-key", PROGRAM], "holds no public key"],
      [["--database", "postgres://127.0.0.1:1/none"], "It could not be checked"],
    ] as const
  ).map(async ([args, sentence]) => {
    const { code, err } = await run(...args);
    expect(err).toContain(sentence);
    expect(code).toBe(2);
  });
  await Promise.all(runs);
  const second = await readFile(join(folder, "checkpoints.ndjson"), "utf8");
  expect((await ofExport(second.split("\n").slice(1))).code).toBe(2);
}, 60_000);
