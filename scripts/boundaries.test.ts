import { readdirSync, readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { importsOf, isBarrel } from "./source-text.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const ANY = "any";

/** Who may import whom, as in docs/ARCHITECTURE.md. Keys are folders, values the names of our packages. */
const MAY_IMPORT: Readonly<Record<string, readonly string[] | typeof ANY>> = {
  "packages/domain": [],
  "packages/processes": [],
  "packages/client": [],
  "packages/database": ["domain", "processes"],
  "packages/events": ["domain", "database"],
  "packages/operations": ["domain", "database", "events"],
  "packages/identity": ["domain", "database", "events", "operations"],
  "packages/graphql": ["domain", "operations", "identity", "events"],
  "packages/agent": ["client"],
  "packages/supervisor": ["domain", "operations", "events", "processes"],
  "apps/server": ANY,
  "apps/launcher": ["database", "processes"],
  "apps/console": ["client"],
  bench: ANY,
  e2e: ["agent", "client", "database", "processes"],
  soak: ANY,
};
/** Agents import the SDK, and each other's shared code. */
const AGENTS_MAY_IMPORT = ["agent"];

/** Libraries that only some parts may use. */
const RESERVED: readonly { library: RegExp; only: RegExp }[] = [
  {
    library: /^(drizzle-orm|pg|postgres)(\/|$)/,
    only: /^(packages\/(database|events|operations|identity)|apps\/server|bench|soak)$/,
  },
  { library: /^@pothos\//, only: /^packages\/graphql$/ },
  { library: /^(graphql-yoga|ws)(\/|$)/, only: /^(apps\/server|packages\/client|bench|soak)$/ },
];
/** What the sources (not the tests) of some parts may use of Node: the client runs in browsers, the domain is pure. */
const MAY_USE_OF_NODE: Readonly<Record<string, readonly string[]>> = {
  "packages/client": [],
  "packages/domain": ["node:crypto"],
};
const MOST_LINES = 300;

interface Manifest {
  readonly name: string;
  readonly dependencies?: Record<string, string>;
  readonly devDependencies?: Record<string, string>;
  readonly optionalDependencies?: Record<string, string>;
}

interface Part {
  /** From the root: "packages/domain". */
  readonly folder: string;
  readonly manifest: Manifest;
  /** From the root, TypeScript only. */
  readonly files: readonly string[];
}

const parts: readonly Part[] = ["packages/*", "apps/*", "agents/*", "bench", "e2e", "soak"]
  .flatMap((pattern) => (pattern.endsWith("/*") ? childrenOf(pattern.slice(0, -2)) : [pattern]))
  .map((folder) => ({
    folder,
    manifest: JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8")) as Manifest,
    files: sourcesBelow(folder),
  }));

/** Our packages' names without the scope, and where they are. */
const folderOf = new Map(parts.map(({ folder, manifest }) => [manifest.name, folder]));

function mayImport(from: string, to: string): boolean {
  if (from === to) return true;
  const [name, toAgents] = [basename(to), to.startsWith("agents/")];
  if (from.startsWith("agents/")) return toAgents || AGENTS_MAY_IMPORT.includes(name);
  const allowed = MAY_IMPORT[from];
  return allowed === ANY || (allowed !== undefined && !toAgents && allowed.includes(name));
}

function isTest(file: string): boolean {
  return /\.test\.tsx?$|\/test\//.test(file);
}

it("knows every part of the workspace", () => {
  const unknown = parts
    .map(({ folder }) => folder)
    .filter((folder) => !(folder in MAY_IMPORT) && !folder.startsWith("agents/"));
  expect(unknown).toEqual([]);
  expect(parts.length).toBeGreaterThan(10);
});

describe.each(parts.map((part) => [part.folder, part] as const))("%s", (folder, { manifest, files }) => {
  const runtime = Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies });
  const declared = [...runtime, ...Object.keys(manifest.devDependencies ?? {})];
  const imports = files.flatMap((file) =>
    importsOf(readFileSync(join(root, file), "utf8")).map((specifier) => ({ file, specifier })),
  );

  it("depends on the packages it may import only", () => {
    expect(
      runtime.filter((name) => {
        const to = folderOf.get(name);
        return to !== undefined && !mayImport(folder, to);
      }),
    ).toEqual([]);
  });

  it("imports what it declares, and its tests' tools in tests only", () => {
    const wrong = imports.filter(({ file, specifier }) => {
      const name = packageName(specifier);
      if (name === null || name === manifest.name || ["vitest"].includes(name)) return false;
      // What lies beside `src` are the settings of tools.
      const forTools = isTest(file) || dirname(file) === folder;
      return !(forTools ? declared : runtime).includes(name);
    });
    expect(wrong).toEqual([]);
  });

  it("reaches other parts by their names and stays on its side of the boundary", () => {
    const wrong = imports.filter(({ file, specifier }) => {
      if (specifier.startsWith(".")) {
        return !join(dirname(file), specifier).startsWith(`${folder}/`);
      }
      const to = folderOf.get(packageName(specifier) ?? "");
      return to !== undefined && !isTest(file) && !mayImport(folder, to);
    });
    expect(wrong).toEqual([]);
  });

  it("leaves libraries to the parts that they belong to", () => {
    const wrong = imports.filter(
      ({ file, specifier }) =>
        !isTest(file) && RESERVED.some(({ library, only }) => library.test(specifier) && !only.test(folder)),
    );
    expect(wrong).toEqual([]);
  });
});

it.each(Object.entries(MAY_USE_OF_NODE))("%s uses no more of Node than %j", (folder, allowed) => {
  const files = parts.find((part) => part.folder === folder)?.files.filter((file) => !isTest(file)) ?? [];
  const used = files.flatMap((file) => importsOf(readFileSync(join(root, file), "utf8")).filter(isOfNode));
  expect(used.filter((name) => !allowed.includes(name))).toEqual([]);
  expect(files).not.toEqual([]);
});

describe("the console's features", () => {
  const sources = "apps/console/src";
  /** "agent" of "apps/console/src/features/agent/state-bar.tsx". */
  const featureOf = (path: string) => /^apps\/console\/src\/features\/([^/]+)/.exec(path)?.[1];
  const uses = (parts.find(({ folder }) => folder === "apps/console")?.files ?? []).flatMap((file) =>
    importsOf(readFileSync(join(root, file), "utf8"))
      .map((specifier) =>
        specifier.startsWith("#") ? join(sources, specifier.slice(1)) : join(dirname(file), specifier),
      )
      .filter((target) => featureOf(target) !== undefined)
      .map((target) => ({ file, target })),
  );

  it("never import each other", () => {
    expect(uses.filter(({ file }) => featureOf(file) !== undefined)).not.toEqual([]);
    expect(
      uses.filter(({ file, target }) => featureOf(file) !== undefined && featureOf(file) !== featureOf(target)),
    ).toEqual([]);
  });

  it("are put on pages by src/app, and by nothing else", () => {
    const elsewhere = uses.filter(({ file }) => featureOf(file) === undefined && !file.startsWith(`${sources}/app/`));
    expect(elsewhere).toEqual([]);
  });
});

describe("every source file", () => {
  const files = [...parts.flatMap((part) => part.files), ...sourcesBelow("scripts")];

  it("is at most 300 lines long", () => {
    const long = files.filter((file) => readFileSync(join(root, file), "utf8").split("\n").length > MOST_LINES + 1);
    expect(long).toEqual([]);
  });

  it("has a kebab-case name in a folder that says what is in it", () => {
    const misnamed = files.filter(
      (file) => !/^[a-z0-9]+(-[a-z0-9]+)*(\.(test|config|d))?\.(ts|tsx)$/.test(basename(file)),
    );
    expect(misnamed).toEqual([]);
    expect(files.filter((file) => /(^|\/)(utils?|helpers?|common|misc)(\/|\.ts$)/.test(file))).toEqual([]);
  });

  it("has something of its own: none only passes on what others export", () => {
    expect(files.filter((file) => isBarrel(readFileSync(join(root, file), "utf8")))).toEqual([]);
  });
});

function isOfNode(specifier: string): boolean {
  return specifier.startsWith("node:") || builtinModules.includes(specifier.split("/")[0] ?? "");
}

/** "@muster/domain" of "@muster/domain/ids.ts"; null for files, one's own by "#" too, and for what comes with Node. */
function packageName(specifier: string): string | null {
  if (/^[./#]|^node:/.test(specifier)) return null;
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}

function childrenOf(group: string): string[] {
  return readdirSync(join(root, group), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => `${group}/${entry.name}`);
}

function sourcesBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .filter((file) => !/(^|\/)(node_modules|generated|history|\.[^/]+)\//.test(file));
}
