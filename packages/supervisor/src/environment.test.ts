import { randomUUID } from "node:crypto";
import type { SupervisedAgent } from "@muster/operations/supervision/supervised-agents.ts";
import { expect, it } from "vitest";
import { agentEnvironment } from "./environment.ts";

it("gives an agent's process its own key, and nothing of the server's secrets and settings", () => {
  const agent = {
    id: randomUUID(),
    projectId: randomUUID(),
    name: "builder",
    definitionSlug: "builder",
    definitionVersion: 3,
  } as SupervisedAgent;
  const inherited = {
    PATH: "/bin",
    HOME: "/home/muster",
    NODE_EXTRA_CA_CERTS: "/ca.pem",
    DATABASE_URL: "postgres://muster:secret@localhost/muster",
    MUSTER_ENCRYPTION_KEY: "secret",
    MUSTER_BOOTSTRAP_KEY: "secret",
    MUSTER_OIDC_CLIENT_SECRET: "secret",
    MUSTER_DATA_DIR: "/data",
    AWS_SECRET_ACCESS_KEY: "secret",
  };
  const environment = agentEnvironment(agent, { url: "http://127.0.0.1:4000", key: "mst_agent_own", inherited });
  expect(Object.keys(environment).toSorted()).toEqual([
    "HOME",
    "MUSTER_AGENT_ID",
    "MUSTER_AGENT_KEY",
    "MUSTER_AGENT_NAME",
    "MUSTER_AGENT_TYPE",
    "MUSTER_AGENT_VERSION",
    "MUSTER_PROJECT_ID",
    "MUSTER_URL",
    "NODE_EXTRA_CA_CERTS",
    "PATH",
  ]);
  expect(JSON.stringify(environment)).not.toContain("secret");
  expect(environment["MUSTER_AGENT_KEY"]).toBe("mst_agent_own");
});
