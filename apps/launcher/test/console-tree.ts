import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** A repository that holds nothing but a console, whose program and whose builder only pretend. */
export interface ConsoleTree {
  readonly root: string;
  /** The folder of the builds. */
  readonly builds: string;
  /** Changes a file of the sources. */
  write(content: string): void;
  /** The pids of the builders that ran so far. */
  builders(): number[];
  /** What the console's processes noted, line by line. */
  trace(): string[];
}

export function createConsoleTree(root: string): ConsoleTree {
  const console = join(root, "apps", "console");
  const copies = { "fake-console.ts": "src/main.ts", "fake-next.mjs": "node_modules/next/dist/bin/next" };
  for (const folder of ["src", "node_modules/next/dist/bin"]) mkdirSync(join(console, folder), { recursive: true });
  for (const [from, to] of Object.entries(copies)) {
    cpSync(fileURLToPath(new URL(`./${from}`, import.meta.url)), join(console, to));
  }
  writeFileSync(join(console, "package.json"), `{ "type": "module" }`);
  writeFileSync(join(console, "node_modules", "next", "package.json"), `{ "type": "module" }`);
  writeFileSync(join(console, "src", "page.tsx"), "first");
  mkdirSync(join(root, "packages", "client", "src"), { recursive: true });
  for (const file of ["pnpm-lock.yaml", "schema.graphql", "tsconfig.base.json"]) writeFileSync(join(root, file), "");
  return {
    root,
    builds: join(console, ".next"),
    write: (content) => writeFileSync(join(console, "src", "page.tsx"), content),
    builders: () => linesOf(join(console, "builds.log")).map((line) => Number.parseInt(line, 10)),
    trace: () => linesOf(join(console, "trace.log")),
  };
}

function linesOf(file: string): string[] {
  return existsSync(file) ? readFileSync(file, "utf8").trimEnd().split("\n") : [];
}
