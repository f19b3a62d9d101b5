import { expect, it } from "vitest";
import { childEnvironment } from "./child-environment.ts";

it("withholds credentials, git's pointers elsewhere and marks of test runs", () => {
  const inherited = {
    PATH: "/bin",
    HOME: "/home/me",
    GIT_CONFIG_GLOBAL: "/home/me/.gitconfig",
    GIT_CONFIG_KEY_0: "safe.directory",
    MUSTER_AGENT_KEY: "secret",
    GIT_DIR: "/elsewhere",
    GIT_INDEX_FILE: "/elsewhere/index",
    GIT_CONFIG_PARAMETERS: "'core.bare=true'",
    NODE_TEST_CONTEXT: "child-v8",
    VITEST_WORKER_ID: "1",
  };
  expect(childEnvironment({ CI: "1" }, inherited)).toEqual({
    PATH: "/bin",
    HOME: "/home/me",
    GIT_CONFIG_GLOBAL: "/home/me/.gitconfig",
    GIT_CONFIG_KEY_0: "safe.directory",
    CI: "1",
  });
});
