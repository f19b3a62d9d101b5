import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const PREFIX = ".muster-install.lock.";
const RELEASED = "released";

/**
 * Waits until no other living process installs into the folder; resolves with what ends our turn. Turns are files with
 * rising numbers, so that taking over from a dead process is the creation of a new file, which only one can win. (The
 * same scheme as `packages/database/src/embedded/folder-lock.ts`, which cannot be imported before there is a Node for it.)
 */
export async function takeInstallLock(folder, onWait) {
  let waited = false;
  while (true) {
    const turn = newestTurn(folder);
    if (turn > 0 && isHeld(join(folder, PREFIX + turn))) {
      if (!waited) onWait();
      waited = true;
      await sleep(100);
      continue;
    }
    const file = join(folder, PREFIX + (turn + 1));
    try {
      writeFileSync(file, String(process.pid), { flag: "wx" });
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
      continue;
    }
    // The listing may have been old: then a later turn is there already.
    if (newestTurn(folder) !== turn + 1) {
      rmSync(file, { force: true });
      continue;
    }
    for (const earlier of turns(folder)) if (earlier <= turn) rmSync(join(folder, PREFIX + earlier), { force: true });
    return () => writeFileSync(file, RELEASED);
  }
}

function isHeld(file) {
  try {
    const text = readFileSync(file, "utf8");
    if (text === RELEASED) return false;
    // Empty for the blink of an eye between creation and writing.
    if (text === "") return true;
    process.kill(Number(text), 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

function newestTurn(folder) {
  return Math.max(0, ...turns(folder));
}

function turns(folder) {
  return readdirSync(folder)
    .filter((name) => name.startsWith(PREFIX))
    .map((name) => Number(name.slice(PREFIX.length)));
}
