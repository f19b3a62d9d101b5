import type { Api } from "./api.ts";
import { expect } from "./expect.ts";

const KINDS = ["build", "test", "review"];

/**
 * Waits until each of the shipped agents has done some work, so that there is a task, a context and a history of each, and gives them no
 * more: they build and test for as long as they have something to do, which takes as much of the machine as a browser does.
 */
export async function restDemo(api: Api): Promise<void> {
  const done = (kind: string) => `${kind}: tasks(filter: { states: [SUCCEEDED], kinds: ["${kind}"] }) { totalCount }`;
  const read = async () => {
    const { project } = await api.query<Demo>(`{ project(path: "demo/app") { id ${KINDS.map(done).join(" ")} } }`);
    return project;
  };
  const waiting = async () => {
    const project = await read();
    return KINDS.filter((kind) => project[kind]?.totalCount === 0);
  };
  await expect.poll(waiting, { timeout: 60_000 }).toEqual([]);
  await api.change("pauseQueue", { projectId: (await read()).id, queue: "default", reason: "enough for now" });
}

interface Demo {
  readonly project: { readonly id: string } & Readonly<Record<string, { readonly totalCount: number }>>;
}
