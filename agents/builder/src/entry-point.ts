import { statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { isAbsolute, join, normalize } from "node:path";

const conventional = ["src/index.ts", "src/main.ts", "src/index.js", "src/main.js", "index.ts", "index.js"];
const conditions = ["source", "import", "default", "require", "node"];

/**
 * The file that the package in a folder starts from, relative to the folder: what package.json says in exports, module or
 * main when that file is under version control, else a conventional name; null when there is none.
 */
export async function findEntryPoint(folder: string): Promise<string | null> {
  const manifest = await readManifest(folder);
  const named = [rootExport(manifest.exports), manifest.module, manifest.main];
  const candidates = named.filter((name) => typeof name === "string").concat(conventional);
  return candidates.map((name) => normalize(name)).find((name) => isInside(name) && isFile(join(folder, name))) ?? null;
}

async function readManifest(folder: string): Promise<Record<string, unknown>> {
  try {
    const manifest: unknown = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
    return isRecord(manifest) ? manifest : {};
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === "ENOENT") return {};
    throw error;
  }
}

/** The target of "." in the exports of a manifest: https://nodejs.org/api/packages.html#package-entry-points */
function rootExport(value: unknown): unknown {
  if (!isRecord(value)) return value;
  if ("." in value) return rootExport(value["."]);
  for (const condition of conditions) {
    const target = rootExport(value[condition]);
    if (typeof target === "string") return target;
  }
  return undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isInside(name: string): boolean {
  return !isAbsolute(name) && !name.startsWith("..");
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}
