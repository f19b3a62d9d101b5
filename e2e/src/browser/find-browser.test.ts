import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LaunchOptions } from "playwright";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { findBrowser } from "./find-browser.ts";
import { BROWSER_SET_UP_MS, openBrowser } from "./open-browser.ts";
import { waysToABrowser, type WayToABrowser } from "./ways-to-a-browser.ts";

describe("the way to a browser", () => {
  /** What starts on this machine. */
  let working: LaunchOptions;
  let folder: string;
  beforeAll(async () => {
    const browser = await openBrowser();
    await browser.close();
    working = await findBrowser(waysToABrowser({ environment: process.env, isRoot: false }));
  }, BROWSER_SET_UP_MS);
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "muster-browser-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  async function program(name: string, text: string): Promise<string> {
    const path = join(folder, name);
    await writeFile(path, `#!/bin/sh\n${text}\n`);
    await chmod(path, 0o755);
    return path;
  }
  const named = (name: string, ...candidates: LaunchOptions[]): WayToABrowser => ({
    name,
    candidates: () => candidates,
  });

  it("is the first one whose browser really starts", async () => {
    const broken = { executablePath: await program("chromium", "echo this needs a snap >&2; exit 1") };
    const closed: WayToABrowser = { ...named("closed", { executablePath: "/never/tried" }), prepare: async () => "no" };
    const found = await findBrowser([named("none"), named("broken", broken), closed, named("good", broken, working)]);
    expect(found).toBe(working);
  });

  it("is told in one sentence when all are closed", async () => {
    const broken = { executablePath: await program("chromium", "exit 1") };
    const closed: WayToABrowser = { ...named("closed"), prepare: async () => "no network" };
    await expect(findBrowser([named("none"), named("broken", broken), closed])).rejects.toThrow(
      /^The browser tests need Chromium or Google Chrome: install one .*none: there is none; broken: .*chromium does not start.*; closed: no network\)\.$/,
    );
  });

  it("is MUSTER_BROWSER alone when that is set", () => {
    const environment = { ...process.env, MUSTER_BROWSER: "/opt/mine" };
    const ways = waysToABrowser({ environment, isRoot: true });
    expect(ways.flatMap((way) => way.candidates())).toEqual([{ executablePath: "/opt/mine" }]);
  });

  it.each([
    ["the shell", "chromium-headless-shell", ""],
    ["the whole browser where there is no shell", "chromium", "chromium-headless-shell"],
  ])("is the distribution's package, for root, when there is no other: %s", async (_, installs, unknown) => {
    const wrapper = `#!/bin/sh\nexec ${working.executablePath ?? "chromium"} "$@"`;
    await program(
      "apt-get",
      `echo "$DEBIAN_FRONTEND $@" >> ${folder}/calls
       [ "$1" = install ] || exit 0
       for name; do :; done
       [ "$name" != "${unknown}" ] || exit 100
       printf '%s\\n' '${wrapper.replace("\n", "' '")}' > ${folder}/$name; /bin/chmod +x ${folder}/$name`,
    );
    const ways = (isRoot: boolean) =>
      waysToABrowser({ environment: { PATH: folder }, isRoot, usualPlaces: [] }).filter(
        // Neither of these can be had on every machine that runs this test.
        ({ name }) => !name.startsWith("Playwright"),
      );
    await expect(findBrowser(ways(false))).rejects.toThrow(/an installed one: there is none\)\.$/);
    expect(ways(true).map(({ name }) => name)).toEqual(["an installed one", "the package chromium"]);
    const installed = ways(true).at(-1);
    expect(await installed?.prepare?.()).toBeNull();
    expect(installed?.candidates()).toEqual([{ executablePath: join(folder, installs) }]);
    const calls = (await readFile(join(folder, "calls"), "utf8")).trim().split("\n");
    expect(calls[0]).toMatch(/^noninteractive update /);
    expect(calls.at(-1)).toMatch(new RegExp(`^noninteractive install -y .*--no-install-recommends .* ${installs}$`));
    if (working.executablePath) expect(await findBrowser(ways(true))).toEqual(installed?.candidates()[0]);
  });

  it("is the installed shell before the whole browser", async () => {
    for (const name of ["chromium", "chromium-headless-shell"]) await program(name, "exit 1");
    const ways = waysToABrowser({ environment: { PATH: folder }, isRoot: false, usualPlaces: [] });
    const installed = ways.find(({ name }) => name === "an installed one");
    expect(installed?.candidates().map(({ executablePath }) => executablePath)).toEqual(
      ["chromium-headless-shell", "chromium"].map((name) => join(folder, name)),
    );
  });

  it("says why the package could not be installed", async () => {
    await program("apt-get", `[ "$1" = update ] || { echo "E: Unable to locate package chromium" >&2; exit 100; }`);
    const way = waysToABrowser({ environment: { PATH: folder }, isRoot: true, usualPlaces: [] }).at(-1);
    expect(await way?.prepare?.()).toMatch(/^apt-get install .*: E: Unable to locate package chromium$/);
  });
});
