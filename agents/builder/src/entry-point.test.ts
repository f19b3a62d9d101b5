import { mkdtemp, mkdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findEntryPoint } from "./entry-point.ts";

describe("findEntryPoint", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "muster-entry-"));
    await mkdir(join(folder, "src"));
    await writeFile(join(folder, "src/index.ts"), "");
    await writeFile(join(folder, "src/other.ts"), "");
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it.each([
    ["exports as a text", { exports: "./src/other.ts" }],
    ["a root export", { exports: { ".": "./src/other.ts" } }],
    ["conditions", { exports: { types: "./src/a.d.ts", import: { default: "./src/other.ts" } } }],
    ["module before main", { module: "src/other.ts", main: "src/index.ts" }],
    ["main", { main: "./src/other.ts" }],
  ])("follows %s", async (_name, manifest) => {
    await writeFile(join(folder, "package.json"), JSON.stringify(manifest));
    expect(await findEntryPoint(folder)).toBe("src/other.ts");
  });

  it.each([
    ["no manifest", null],
    ["a manifest that is none", "{"],
    ["a built file that is not there", '{ "main": "dist/index.js" }'],
    ["a path that leads out of the package", '{ "main": "../../../etc/hosts" }'],
    ["a folder", '{ "main": "src" }'],
  ])("takes the conventional one with %s", async (_name, manifest) => {
    if (manifest !== null) await writeFile(join(folder, "package.json"), manifest);
    expect(await findEntryPoint(folder)).toBe("src/index.ts");
  });

  it("finds none in other packages", async () => {
    await rm(join(folder, "src"), { recursive: true });
    expect(await findEntryPoint(folder)).toBeNull();
  });
});
