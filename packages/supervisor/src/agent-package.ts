import { createHash } from "node:crypto";
import { glob, readFile, stat } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { z } from "zod";
import type { Log } from "./log.ts";

/** `agents/<name>/muster.json`. What it says of the definition is checked when that is registered. */
const Manifest = z.strictObject({
  slug: z.string(),
  name: z.string(),
  type: z.string(),
  description: z.string().optional(),
  capabilities: z.array(z.string()).default([]),
  configSchema: z.record(z.string(), z.json()).optional(),
  metadata: z.record(z.string(), z.json()).optional(),
  /** false: its agents are never started. */
  enabled: z.boolean().default(true),
  /** The program, relative to the package's folder. */
  entry: z.string().min(1),
});

/** Code that agents of one definition run. */
export interface AgentPackage {
  readonly slug: string;
  readonly folder: string;
  /** Absolute. */
  readonly entry: string;
  readonly enabled: boolean;
  readonly definition: Omit<z.infer<typeof Manifest>, "entry">;
}

/** Reads the package in this `muster.json`. Throws an error whose message says what is wrong with it. */
async function readPackage(path: string): Promise<AgentPackage> {
  const result = Manifest.safeParse(JSON.parse(await readFile(path, "utf8")));
  if (!result.success) throw new Error(z.prettifyError(result.error));
  const { entry: program, ...definition } = result.data;
  const folder = dirname(path);
  const entry = resolve(folder, program);
  if (relative(folder, entry).startsWith("..")) throw new Error(`Its entry ${program} is outside of its folder.`);
  if (!(await stat(entry).catch(() => null))?.isFile()) throw new Error(`Its entry ${program} does not exist.`);
  return { slug: definition.slug, folder, entry, enabled: definition.enabled, definition };
}

/** The packages in `<folder>/<name>/muster.json`, by slug. One that is broken is logged and left out. */
export async function readPackages(folder: string, log: Log): Promise<Map<string, AgentPackage>> {
  const packages = new Map<string, AgentPackage>();
  const paths: string[] = [];
  for await (const path of glob("*/muster.json", { cwd: folder })) paths.push(join(resolve(folder), path));
  for (const path of paths.sort()) {
    try {
      const found = await readPackage(path);
      const same = packages.get(found.slug);
      if (same) throw new Error(`Its slug ${found.slug} is that of ${same.folder} already.`);
      packages.set(found.slug, found);
    } catch (error) {
      log.error(
        { path, reason: String(error instanceof Error ? error.message : error) },
        "An agent package is broken and left out.",
      );
    }
  }
  return packages;
}

/** Tells one state of the package's program from another. */
export async function hashEntry({ entry }: AgentPackage): Promise<string> {
  return createHash("sha256")
    .update(await readFile(entry))
    .digest("hex");
}
