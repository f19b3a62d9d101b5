import { TaskFailure } from "@muster/agent/failure.ts";
import { ensureProject } from "./site/api.ts";
import { expect } from "./site/expect.ts";
import type { Site } from "./site/start-site.ts";
import { startWorker, stateOf } from "./site/worker.ts";

/** A project in which agents bring out a release, for pictures of tasks and workflows. */
export interface ReleaseScene {
  readonly project: string;
  /** A workflow in the middle of its way. */
  readonly workflow: string;
  /** Its task that failed twice, and has just begun its third attempt. */
  readonly task: string;
  stop(): Promise<void>;
}

const PROJECT = "demo/releases";
const BACKOFF = { initialMs: 1_500, factor: 2, maxMs: 10_000, jitter: false };
const LINES = ["Bundling 214 modules", "Signing the archive", "Uploading part 1 of 8", "Uploading part 2 of 8"];

const step = (name: string, kind: string, after: readonly string[] = [], input: object = {}) => ({
  step: name,
  dependsOn: after,
  task: { kind, input: { release: "1.4.0", ...input }, backoff: BACKOFF, maxFailures: 5 },
});

const RELEASE = {
  name: "Release 1.4.0",
  onFailure: "SKIP_DEPENDENTS",
  tasks: [
    step("Fetch", "check", [], { branch: "main" }),
    step("Type check", "check", ["Fetch"]),
    step("Lint", "check", ["Fetch"]),
    step("Unit tests", "check", ["Fetch"]),
    step("Browser tests", "watch", ["Fetch"]),
    step("Build", "check", ["Type check"]),
    step("Changelog", "check", ["Lint"], { since: "1.3.2" }),
    step("Upload", "upload", ["Build", "Unit tests"], { registry: "registry.example", archive: "muster-1.4.0.tgz" }),
    step("Staging", "check", ["Upload", "Browser tests"]),
    step("Production", "check", ["Staging"], { regions: ["eu-west", "us-east"] }),
    step("Announce", "check", ["Production", "Changelog"]),
  ],
};

/** Starts the agents and the release, and waits until it is in its middle. */
export async function playRelease({ api }: Site): Promise<ReleaseScene> {
  const project = await ensureProject(api, PROJECT);
  const forEver = (signal: AbortSignal) =>
    new Promise<never>((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason as Error)));
  const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
  const workers = await Promise.all([
    startWorker(api, project, {
      name: "checker",
      maxConcurrency: 4,
      tasks: { check: () => pause(1_200).then(() => ({ ok: true })) },
    }),
    startWorker(api, project, {
      name: "watcher",
      tasks: {
        watch: async (_task, { progress, signal }) => {
          await progress(0.62, "31 of 50 pages");
          return forEver(signal);
        },
      },
    }),
    startWorker(api, project, {
      name: "publisher",
      tasks: {
        upload: async ({ attempt }, { progress, signal }) => {
          await pause(attempt === 1 ? 2_600 : 1_400);
          if (attempt === 1)
            throw new TaskFailure("The registry answered 503: try again later", { kind: "unavailable" });
          if (attempt === 2) throw new TaskFailure("The connection was reset after 12 MB", { kind: "network" });
          for (const [index, line] of LINES.entries()) await progress((index + 1) / 10, line, `${line}\n`);
          return forEver(signal);
        },
      },
    }),
  ]);
  const { id: workflow } = await api.change<{ id: string }>("createWorkflow", { projectId: project.id, ...RELEASE });
  const read = async () => {
    const { node } = await api.query<Steps>(
      `query ($id: ID!) { node(id: $id) { ... on Workflow { tasks(first: 50) { edges { node { id attempt workflowStep } } } } } }`,
      { id: workflow },
    );
    return node.tasks.edges.find((edge) => edge.node.workflowStep === "Upload")?.node;
  };
  await expect.poll(async () => (await read())?.attempt, { timeout: 60_000 }).toBe(3);
  const task = (await read())?.id ?? "";
  await expect.poll(() => stateOf(api, task)).toBe("RUNNING");
  return {
    project: PROJECT,
    workflow,
    task,
    async stop() {
      await Promise.all(workers.map((worker) => worker.stop()));
    },
  };
}

interface Steps {
  readonly node: { tasks: { edges: { node: { id: string; attempt: number; workflowStep: string } }[] } };
}
