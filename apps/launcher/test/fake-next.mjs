// Stands for `next build`: takes its time, fails when the sources ask for it, and leaves a file in the folder it is told.
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const source = readFileSync("src/page.tsx", "utf8");
appendFileSync("builds.log", `${process.pid} ${process.argv.slice(2).join(" ")}\n`);
mkdirSync(process.env.CONSOLE_DIST_DIR, { recursive: true });
writeFileSync(join(process.env.CONSOLE_DIST_DIR, "half"), "");
await sleep(/slow/.test(source) ? 2_000 : 100);
if (/wrong/.test(source)) {
  console.error("Error: that is wrong");
  process.exit(1);
}
writeFileSync(join(process.env.CONSOLE_DIST_DIR, "page"), source);
