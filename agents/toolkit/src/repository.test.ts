import { mkdir, mkdtemp, readdir, readFile, readlink, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { checkOut, linkDependencies } from "./check-out.ts";
import { commitPosition, existingPaths, lastCommits, resolveCommit } from "./commit.ts";
import { RepositoryUnreadable, UnknownRevision } from "./errors.ts";
import { git } from "./git.ts";
import { openRepository } from "./open-repository.ts";
import { commitFiles } from "./testing/commit-files.ts";

const signal = new AbortController().signal;

describe("reading a repository", () => {
  let root: string;
  let path: string;
  const run = (...parameters: string[]) => git(parameters, { folder: path, signal });
  const commit = (message: string, files: Record<string, string>) => commitFiles(path, files, message);
  const open = () => openRepository(path, signal);

  beforeEach(async () => {
    root = await realpath(await mkdtemp(join(tmpdir(), "muster-repository-")));
    path = join(root, "repository");
    await mkdir(path);
    await run("init", "--quiet", "--initial-branch=main");
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await rm(root, { recursive: true, force: true });
  });

  it("opens working trees, bare repositories and links to them, but no folder inside", async () => {
    await commit("one", { "inside/file.txt": "1" });
    await symlink(path, join(root, "link"));
    await git(["clone", "--quiet", "--bare", path, join(root, "bare.git")], { folder: root, signal });
    expect(await open()).toEqual({ path, gitFolder: join(path, ".git") });
    expect((await openRepository(join(root, "link"), signal)).path).toBe(path);
    expect((await openRepository(join(root, "bare.git"), signal)).gitFolder).toBe(join(root, "bare.git"));
    await expect(openRepository(join(path, "inside"), signal)).rejects.toThrow(RepositoryUnreadable);
  });

  it("says what is wrong with a path", async () => {
    const message = async (wrong: string) => openRepository(wrong, signal).catch((error: Error) => error.message);
    await writeFile(join(root, "file"), "");
    expect(await message(root)).toMatch(/is not a git repository/);
    expect(await message(join(root, "nowhere"))).toMatch(/does not exist/);
    expect(await message(join(root, "file"))).toMatch(/is not a folder/);
    expect(await message("repository")).toMatch(/absolute/);
  });

  it("is not led elsewhere by git's environment", async () => {
    vi.stubEnv("GIT_DIR", join(root, "elsewhere"));
    expect((await open()).gitFolder).toBe(join(path, ".git"));
  });

  it("resolves revisions, and never takes one for an option", async () => {
    const first = await commit("one", { a: "1" });
    const second = await commit("two\n\nwith a body", { a: "2" });
    const repository = await open();
    expect(await resolveCommit(repository, "main", signal)).toEqual({ sha: second, parent: first, subject: "two" });
    expect((await resolveCommit(repository, "HEAD~1", signal)).parent).toBeNull();
    expect((await resolveCommit(repository, first.slice(0, 8), signal)).sha).toBe(first);
    for (const revision of ["nope", "--all", "-n1", "HEAD:a", "", "HEAD..main", "0".repeat(40)]) {
      await expect(resolveCommit(repository, revision, signal), revision).rejects.toThrow(UnknownRevision);
    }
  });

  it("has no commit to resolve in a new repository", async () => {
    await expect(resolveCommit(await open(), "HEAD", signal)).rejects.toThrow(UnknownRevision);
  });

  it("lists the last commits and their positions", async () => {
    const shas: string[] = [];
    for (const name of ["one", "two", "three"]) shas.unshift(await commit(name, { a: name }));
    const commits = await lastCommits(await open(), shas[0] ?? "", 2, signal);
    expect(commits.map(({ sha, subject }) => [sha, subject])).toEqual([
      [shas[0], "three"],
      [shas[1], "two"],
    ]);
    expect(await commitPosition(await open(), shas[0] ?? "", signal)).toBe(3);
  });

  it("checks out a commit without a change to the repository", async () => {
    const odd = 'odd name\twith "quotes" and ü.txt';
    const first = await commit("one", { "src/a.ts": "1", [odd]: "odd", ".gitattributes": "*.ts export-ignore\n" });
    await commit("two", { "src/a.ts": "2" });
    await writeFile(join(path, "src/a.ts"), "not committed");
    const before = await run("status", "--porcelain");
    const folder = join(root, "checkout", "tree");
    await checkOut(await open(), first, folder, signal);
    expect((await readdir(folder)).sort()).toEqual([".gitattributes", odd, "src"]);
    expect(await readFile(join(folder, "src/a.ts"), "utf8")).toBe("1");
    expect(await run("status", "--porcelain")).toBe(before);
  });

  it("checks out chosen files, also of a bare repository", async () => {
    const sha = await commit("one", { "src/a.ts": "1", "src/b.ts": "2" });
    const bare = join(root, "bare.git");
    await git(["clone", "--quiet", "--bare", path, bare], { folder: root, signal });
    const repository = await openRepository(bare, signal);
    const paths = await existingPaths(repository, sha, ["src/b.ts", "none"], signal);
    await checkOut(repository, sha, join(root, "tree"), signal, paths);
    expect(await readdir(join(root, "tree/src"))).toEqual(["b.ts"]);
  });

  it("links the dependencies that are installed", async () => {
    const folder = join(root, "tree");
    await mkdir(folder);
    await linkDependencies(await open(), folder);
    expect(await readdir(folder)).toEqual([]);
    await mkdir(join(path, "node_modules"));
    await linkDependencies(await open(), folder);
    expect(await readlink(join(folder, "node_modules"))).toBe(join(path, "node_modules"));
  });
});
