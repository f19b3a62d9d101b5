import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";

/** How the tests of a package are run: by Node's own runner with these parameters, or by whatever `npm test` starts. */
export type Runner = { readonly name: "node"; readonly parameters: readonly string[] } | { readonly name: "npm" };

const manifest = z.object({ scripts: z.object({ test: z.string().optional() }).optional() });

/** Reads scripts.test in the package.json of a folder. Without one (or with npm's placeholder) Node's runner is used. */
export async function chooseRunner(folder: string): Promise<Runner> {
  let text: string;
  try {
    text = await readFile(join(folder, "package.json"), "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return runnerOf(undefined);
    throw error;
  }
  try {
    return runnerOf(manifest.parse(JSON.parse(text)).scripts?.test);
  } catch {
    return { name: "npm" }; // npm says best what is wrong with it
  }
}

/** The runner that a test script asks for. Only a plain `node --test` with simple words is started without a shell. */
export function runnerOf(script: string | undefined): Runner {
  if (script === undefined || script.includes("Error: no test specified")) return { name: "node", parameters: [] };
  const words = script.trim().match(/"[^"$`\\]*"|'[^']*'|[^\s"'|&;<>()$`\\*?[\]{}~#!]+/g) ?? [];
  const isPlain = words.join(" ") === script.trim().replaceAll(/\s+/g, " ");
  const [program, ...rest] = words.map((word) => word.replace(/^(["'])(.*)\1$/, "$2"));
  const parameters = rest.filter((word) => word !== "--test");
  const isNodeRunner =
    program === "node" && rest.includes("--test") && !rest.some((word) => /^--(watch|test-reporter)/.test(word));
  return isPlain && isNodeRunner ? { name: "node", parameters } : { name: "npm" };
}
