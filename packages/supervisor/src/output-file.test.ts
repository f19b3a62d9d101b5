import { appendFile, mkdtemp, open, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { lastLines, openOutput, trimOutput } from "./output-file.ts";

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "muster-output-"));
  path = join(folder, "agent", "output.log");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function write(text: string): Promise<void> {
  await using file = await openOutput(path, "a run");
  await file.appendFile(text);
}

it("gives the last lines of the present run only", async () => {
  await write("of the run before\n");
  await write(Array.from({ length: 30 }, (_, index) => `line ${index}`).join("\n"));
  const lines = (await lastLines(path)).split("\n");
  expect(lines).toEqual(Array.from({ length: 20 }, (_, index) => `line ${index + 10}`));
  await write("");
  expect(await lastLines(path)).toBe("");
});

it("gives text that can be stored and shown, at most 2 KiB, without keys", async () => {
  await write(`\u001b[1mbold\u001b[0m\0\r\u0007 key mst_agent_01h2xcejqtf2nbrexx3vqjhp41_${"A-".repeat(24)} end\n`);
  expect(await lastLines(path)).toBe("bold key mst_… end");
  await appendFile(path, Buffer.from([0xff, 0xfe, 0x0a]));
  expect((await lastLines(path)).isWellFormed()).toBe(true);
  await appendFile(path, "é".repeat(50_000));
  expect(Buffer.byteLength(await lastLines(path))).toBeLessThanOrEqual(2_048 + 3);
});

it("keeps the end of what is too long, under the feet of whoever writes it", async () => {
  await write("");
  await using writer = await open(path, "a");
  await writer.appendFile(`${"x".repeat(5_000)}the end`);
  await trimOutput(path, 1_000);
  expect((await stat(path)).size).toBe(0);
  const older = await readFile(`${path}.1`, "utf8");
  expect(older).toMatch(/x+the end$/);
  expect(older).toHaveLength(1_000);
  await writer.appendFile("and more");
  await trimOutput(path, 1_000);
  expect(await readFile(path, "utf8")).toBe("and more");
});

it("has nothing to say about a file that is not there", async () => {
  expect(await lastLines(path)).toBe("");
  await trimOutput(path, 10);
});
