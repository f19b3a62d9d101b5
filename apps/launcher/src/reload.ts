import { existsSync, readdirSync, watch } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
/** It reloads by itself. */
const CONSOLE = join(ROOT, "apps", "console", "src");
/** An editor's "save all" and a git checkout touch many files at once. */
const QUIET_MS = 200;

/** Calls `restart` after source files of the server or the agents changed. Returns what ends the watching. */
export function watchSources(restart: () => Promise<void>, say: (line: string) => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  const watchers = sourceFolders().map((folder) =>
    watch(folder, { recursive: true }, (_, name) => {
      if (!name || !/(?<!\.test)\.ts$|\.json$/.test(name)) return;
      clearTimeout(timer);
      timer = setTimeout(() => {
        say(`${name} changed: restarting the server.`);
        void restart();
      }, QUIET_MS);
    }),
  );
  return () => {
    clearTimeout(timer);
    for (const watcher of watchers) watcher.close();
  };
}

function sourceFolders(): string[] {
  return ["packages", "apps", "agents"]
    .map((group) => join(ROOT, group))
    .filter((group) => existsSync(group))
    .flatMap((group) => readdirSync(group).map((name) => join(group, name, "src")))
    .filter((folder) => folder !== CONSOLE && existsSync(folder));
}
