import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ProgramMissing, RepositoryUnreadable } from "@muster/agent-toolkit/errors.ts";
import { git } from "@muster/agent-toolkit/git.ts";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createDemoRepository } from "./create-repository.ts";

const signal = new AbortController().signal;

describe("createDemoRepository", () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "muster-demo-"));
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await rm(root, { recursive: true, force: true });
  });

  it("makes a clean repository with the same shas everywhere", async () => {
    const demo = await createDemoRepository(join(root, "data", "demo"));
    expect(demo.created).toBe(true);
    expect(demo.commits).toHaveLength(14);
    expect(demo.commits[0]?.subject).toBe("Parse and format durations");
    expect(demo.commits.at(-1)?.sha).toBe("af4283036b2f8d7669e7eb0485ec2f858aa24b2b");
    expect(await git(["status", "--porcelain", "--branch"], { folder: demo.path, signal })).toBe("## main\n");
    const people = await git(["log", "--format=%an <%ae> %cn <%ce>"], { folder: demo.path, signal });
    expect(new Set(people.trim().split("\n"))).toEqual(
      new Set(["Muster Demo <demo@muster.invalid> Muster Demo <demo@muster.invalid>"]),
    );
    expect(await readdir(join(root, "data"))).toEqual(["demo"]);
  });

  it("does not depend on the user's configuration of git", async () => {
    const configuration = join(root, "gitconfig");
    await mkdir(join(root, "hooks"));
    await writeFile(join(root, "hooks", "pre-applypatch"), "#!/bin/sh\nexit 1\n", { mode: 0o755 });
    await writeFile(
      configuration,
      `[user]\nname = Other\n[commit]\ngpgSign = true\n[i18n]\ncommitEncoding = ISO-8859-1\n[core]\nautocrlf = true\nhooksPath = ${join(root, "hooks")}\n`,
    );
    vi.stubEnv("GIT_CONFIG_GLOBAL", configuration);
    vi.stubEnv("GIT_DIR", join(root, "elsewhere"));
    const demo = await createDemoRepository(join(root, "demo"));
    expect(demo.commits.at(-1)?.sha).toBe("af4283036b2f8d7669e7eb0485ec2f858aa24b2b");
  });

  it("finds the one that is there", async () => {
    const first = await createDemoRepository(join(root, "demo"));
    const second = await createDemoRepository(join(root, "demo"));
    expect(second).toEqual({ ...first, created: false });
  });

  it("is made once by processes that start at the same time", async () => {
    const all = await Promise.all([1, 2, 3].map(() => createDemoRepository(join(root, "demo"))));
    expect(all.filter(({ created }) => created)).toHaveLength(1);
    expect(await readdir(root)).toEqual(["demo"]);
  });

  it("leaves a folder with other contents as it is", async () => {
    await mkdir(join(root, "mine"));
    await writeFile(join(root, "mine", "notes.txt"), "mine");
    await expect(createDemoRepository(join(root, "mine"))).rejects.toThrow(RepositoryUnreadable);
    await expect(createDemoRepository(join(root, "mine", "notes.txt"))).rejects.toThrow(RepositoryUnreadable);
    expect(await readdir(root)).toEqual(["mine"]);
  });

  it("says so when git is missing, and leaves nothing behind", async () => {
    vi.stubEnv("PATH", root);
    await expect(createDemoRepository(join(root, "demo"))).rejects.toThrow(ProgramMissing);
    expect(await readdir(root)).toEqual([]);
  });
});
