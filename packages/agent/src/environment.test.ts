import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { EnvironmentError, readEnvironment } from "./environment.ts";

const env = { MUSTER_URL: "http://127.0.0.1:4000", MUSTER_AGENT_ID: "agent_01", MUSTER_AGENT_KEY: "mst_secret" };

describe("readEnvironment", () => {
  it("reads what an agent needs, with defaults", () => {
    expect(readEnvironment(env)).toEqual({
      url: ["http://127.0.0.1:4000"],
      agentId: "agent_01",
      key: "mst_secret",
      drainMs: 4_000,
      heartbeatMs: 5_000,
      logLevel: "info",
    });
    expect(readEnvironment({ ...env, MUSTER_DRAIN_MS: "250" }, { url: "http://other" })).toMatchObject({
      drainMs: 250,
      url: "http://other",
    });
    expect(readEnvironment({ ...env, MUSTER_URL: "http://one:4000, https://two" }).url).toEqual([
      "http://one:4000",
      "https://two",
    ]);
  });

  it("takes the key from a file", () => {
    const folder = mkdtempSync(join(tmpdir(), "muster-agent-key-"));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const file = join(folder, "key");
    writeFileSync(file, "mst_agent_filed\n");
    const { MUSTER_AGENT_KEY: _, ...rest } = env;
    expect(readEnvironment({ ...rest, MUSTER_AGENT_KEY_FILE: file }).key).toBe("mst_agent_filed");
    writeFileSync(file, "\n");
    for (const MUSTER_AGENT_KEY_FILE of [file, join(folder, "nowhere")])
      expect(() => readEnvironment({ ...rest, MUSTER_AGENT_KEY_FILE })).toThrow("MUSTER_AGENT_KEY_FILE");
  });

  it.each([
    ["MUSTER_URL", undefined],
    ["MUSTER_URL", "localhost:4000"],
    ["MUSTER_URL", "ftp://somewhere"],
    ["MUSTER_URL", "http://one,"],
    ["MUSTER_AGENT_ID", ""],
    ["MUSTER_AGENT_ID", "task_01"],
    ["MUSTER_AGENT_KEY", undefined],
    ["MUSTER_DRAIN_MS", "soon"],
    ["MUSTER_HEARTBEAT_MS", "-1"],
  ])("names %s when it is %s", (variable, value) => {
    const read = () => readEnvironment({ ...env, [variable]: value });
    expect(read).toThrow(EnvironmentError);
    expect(read).toThrow(expect.objectContaining({ variable, message: expect.stringContaining(variable) }));
    expect(read).not.toThrow("mst_secret");
  });
});
