import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { FolderLocked, lockFolder } from "./folder-lock.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "muster-lock-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it("is held by one at a time and free after its release", async () => {
  const first = await lockFolder(folder, "x");
  await expect(lockFolder(folder, "x")).rejects.toMatchObject({ name: "FolderLocked", pid: process.pid });
  const other = await lockFolder(folder, "y");
  first.release();
  const second = await lockFolder(folder, "x");
  second.release();
  other.release();
});

it("waits for its holder", async () => {
  const first = await lockFolder(folder, "x");
  setTimeout(() => first.release(), 200);
  (await lockFolder(folder, "x", 5_000)).release();
});

it("passes from a holder that died, also when another process has its pid now", async () => {
  writeFileSync(join(folder, "x.lock.7"), `${process.pid} 1`);
  (await lockFolder(folder, "x")).release();
  writeFileSync(join(folder, "x.lock.9"), "999999999 1");
  (await lockFolder(folder, "x")).release();
});

it("treats a lock that is being written as held", async () => {
  writeFileSync(join(folder, "x.lock.1"), "");
  await expect(lockFolder(folder, "x")).rejects.toBeInstanceOf(FolderLocked);
});

it("passes from the dead to one process only, although many reach for it at the same moment", async () => {
  const rounds = 40;
  const program = `
    import { lockFolder } from ${JSON.stringify(new URL("./folder-lock.ts", import.meta.url).href)};
    const [folder, begin] = process.argv.slice(1);
    for (let round = 0; round < ${rounds}; round++) {
      while (Date.now() < Number(begin) + round * 20);
      await lockFolder(folder, "x" + round).then(() => console.log(round), () => {});
    }
    console.log("done");
    process.stdin.resume();`;
  for (let round = 0; round < rounds; round++) writeFileSync(join(folder, `x${round}.lock.3`), "999999999 1");
  const begin = String(Date.now() + 1_500);
  const children = Array.from({ length: 6 }, () =>
    spawn(process.execPath, ["--input-type=module", "-e", program, folder, begin], {
      stdio: ["pipe", "pipe", "inherit"],
    }),
  );
  const outputs = await Promise.all(
    children.map(async (child) => {
      let output = "";
      for await (const text of child.stdout.setEncoding("utf8")) {
        output += text;
        if (output.includes("done")) break;
      }
      return output;
    }),
  );
  // All of them live until the last one has tried: what a winner that ended left behind could rightly be taken.
  for (const child of children) child.stdin.end();
  await Promise.all(children.map((child) => once(child, "exit")));
  const winners = outputs.map((output) => output.replace("done", "").trim().split("\n").filter(Boolean).map(Number));
  expect(winners.flat().toSorted((a, b) => a - b)).toEqual(Array.from({ length: rounds }, (_, round) => round));
});

it("never lets two processes in, although holders die with it", async () => {
  const program = `
    import { appendFileSync } from "node:fs";
    import { setTimeout as sleep } from "node:timers/promises";
    import { lockFolder } from ${JSON.stringify(new URL("./folder-lock.ts", import.meta.url).href)};
    for (let i = 0; i < 15; i++) {
      const lock = await lockFolder(process.argv[1], "x", 60_000);
      appendFileSync(process.argv[1] + "/trace", "in ");
      await sleep(Math.random() * 4);
      appendFileSync(process.argv[1] + "/trace", "out ");
      if (i === 14) process.kill(process.pid, "SIGKILL");
      lock.release();
    }`;
  appendFileSync(join(folder, "trace"), "");
  const children = Array.from({ length: 6 }, () =>
    spawn(process.execPath, ["--input-type=module", "-e", program, folder], { stdio: "inherit" }),
  );
  await Promise.all(children.map((child) => once(child, "exit")));
  const trace = readFileSync(join(folder, "trace"), "utf8").trim().split(" ");
  expect(trace).toEqual(Array.from({ length: 90 }, () => ["in", "out"]).flat());
});
