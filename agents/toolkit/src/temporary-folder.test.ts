import { mkdir, mkdtemp, readdir, rm, utimes } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, vi } from "vitest";
import { removeAbandonedFolders, withTemporaryFolder } from "./temporary-folder.ts";

it("removes its own folder always, and those that killed agents left a day ago", async () => {
  const root = await mkdtemp(join(tmpdir(), "muster-temporary-"));
  vi.stubEnv("TMPDIR", root);
  try {
    await expect(withTemporaryFolder(() => Promise.reject(new Error("failed")))).rejects.toThrow("failed");
    expect(await readdir(root)).toEqual([]);
    const yesterday = new Date(Date.now() - 25 * 3_600_000);
    for (const name of ["muster-agent-old", "muster-agent-new", "mine"])
      await mkdir(join(root, name, "tree"), { recursive: true });
    for (const name of ["muster-agent-old", "mine"]) await utimes(join(root, name), yesterday, yesterday);
    await removeAbandonedFolders();
    expect((await readdir(root)).sort()).toEqual(["mine", "muster-agent-new"]);
  } finally {
    vi.unstubAllEnvs();
    await rm(root, { recursive: true });
  }
});
