import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** What a build of the console is made of, from the root of the repository. */
const FOLDERS = ["apps/console", "packages/client"];
const FILES = ["pnpm-lock.yaml", "schema.graphql", "tsconfig.base.json"];
/** Made by tools, or no part of a build. */
const LEFT_OUT = /^(node_modules|\.next|\.turbo|next-env\.d\.ts|.*\.log|.*\.tsbuildinfo|.*\.test\.tsx?)$/;

/** One short text for all that goes into a build of the console: when it is the same, the build would be. Hexadecimal. */
export function consoleHash(root: string): string {
  const hash = createHash("sha256");
  for (const file of [...FILES, ...FOLDERS.flatMap((folder) => filesBelow(root, folder))]) {
    const content = readFileSync(join(root, file));
    hash.update(`${file}\0${content.length}\0`).update(content);
  }
  return hash.digest("hex").slice(0, 20);
}

function filesBelow(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .filter((entry) => !LEFT_OUT.test(entry.name))
    .flatMap((entry) => {
      const path = `${folder}/${entry.name}`;
      return entry.isDirectory() ? filesBelow(root, path) : entry.isFile() ? [path] : [];
    })
    .sort();
}
