import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { readPackages } from "./agent-package.ts";

let folder: string;
let broken: string[];
const log = {
  info() {},
  warn() {},
  error: ({ path, reason }: Readonly<Record<string, unknown>>) =>
    void broken.push(`${String(path).slice(folder.length)}: ${reason}`),
};
beforeEach(async () => {
  broken = [];
  folder = await mkdtemp(join(tmpdir(), "muster-packages-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function add(name: string, manifest: string | Record<string, unknown>): Promise<void> {
  await mkdir(join(folder, name));
  await writeFile(join(folder, name, "main.mjs"), "");
  const text =
    typeof manifest === "string"
      ? manifest
      : JSON.stringify({ slug: name, name, type: "process", entry: "main.mjs", ...manifest });
  await writeFile(join(folder, name, "muster.json"), text);
}

it("reads every package, with what may be left out", async () => {
  await add("one", {});
  await add("two", { enabled: false, capabilities: ["build"], description: "Builds" });
  await mkdir(join(folder, "no-package"));
  const packages = await readPackages(folder, log);
  expect([...packages.values()]).toEqual([
    {
      slug: "one",
      folder: join(folder, "one"),
      entry: join(folder, "one", "main.mjs"),
      enabled: true,
      definition: { slug: "one", name: "one", type: "process", capabilities: [], enabled: true },
    },
    expect.objectContaining({ slug: "two", enabled: false }),
  ]);
  expect(broken).toEqual([]);
});

it("leaves out what is broken, and says where and why", async () => {
  await add("a", "{");
  await add("b", { entry: "../a/main.mjs" });
  await add("c", { entry: "src" });
  await add("d", { slug: "good" });
  await add("e", { slug: "good" });
  await add("f", { typ: "process" });
  expect([...(await readPackages(folder, log)).keys()]).toEqual(["good"]);
  expect(broken).toEqual([
    expect.stringMatching(/^\/a\/muster\.json: .*JSON/),
    "/b/muster.json: Its entry ../a/main.mjs is outside of its folder.",
    "/c/muster.json: Its entry src does not exist.",
    `/e/muster.json: Its slug good is that of ${join(folder, "d")} already.`,
    expect.stringMatching(/^\/f\/muster\.json: .*typ/s),
  ]);
});

it("finds none where there is no folder", async () => {
  expect(await readPackages(join(folder, "missing"), log)).toEqual(new Map());
});
