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

const step = (name: string, kind: string, title: string, after: readonly string[] = []) => ({
  step: name,
  dependsOn: after,
  task: { kind, input: { title, release: "1.4.0" }, backoff: BACKOFF, maxFailures: 5 },
});

const RELEASE = {
  name: "Release 1.4.0",
  onFailure: "SKIP_DEPENDENTS",
  tasks: [
    step("Fetch", "fetch", "main"),
    step("Type check", "check", "types", ["Fetch"]),
    step("Lint", "lint", "sources", ["Fetch"]),
    step("Unit tests", "test", "units", ["Fetch"]),
    step("Browser tests", "watch", "pages", ["Fetch"]),
    step("Build", "build", "muster-1.4.0.tgz", ["Type check"]),
    step("Changelog", "write", "changelog", ["Lint"]),
    step("Upload", "upload", "muster-1.4.0.tgz", ["Build", "Unit tests"]),
    step("Staging", "deploy", "staging", ["Upload", "Browser tests"]),
    step("Production", "deploy", "production", ["Staging"]),
    step("Announce", "write", "announcement", ["Production", "Changelog"]),
  ],
};
const QUICK = ["fetch", "check", "lint", "test", "build", "write", "deploy"];

/** Starts the agents and the release, and waits until it is in its middle. */
export async function playRelease({ api }: Site): Promise<ReleaseScene> {
  const project = await ensureProject(api, PROJECT);
  const forEver = (signal: AbortSignal) =>
    new Promise<never>((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason as Error)));
  const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
  const workers = await Promise.all([
    startWorker(api, project, {
      name: "maker",
      maxConcurrency: 4,
      tasks: Object.fromEntries(QUICK.map((kind) => [kind, () => pause(1_200).then(() => ({ ok: true }))])),
    }),
    startWorker(api, project, {
      name: "browser",
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
