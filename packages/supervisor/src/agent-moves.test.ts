import { afterEach, beforeEach, expect, it } from "vitest";
import { createFleet, type Fleet, OBEDIENT } from "../test/fleet.ts";
import { move } from "./agent-moves.ts";

let fleet: Fleet;
beforeEach(async () => {
  fleet = await createFleet();
});
afterEach(() => fleet.close());

it("does nothing to an agent that has been moved since it was seen", async () => {
  await fleet.addPackage("worker", OBEDIENT);
  const supervisor = fleet.createSupervisor();
  await supervisor.start();
  await supervisor.stop();
  const id = await fleet.addAgent("worker");
  const { projectId, name, definitionVersion, version } = await fleet.agent(id);
  const seen = { id, projectId, name, definitionVersion, version, definitionSlug: "worker", state: "ONLINE" as const };
  expect(await move(fleet.runtime, seen, "FAIL", "it has crashed")).toBeNull();
  expect(await fleet.agent(id)).toMatchObject({ state: "REGISTERED", version });
  const moved = await move(fleet.runtime, { ...seen, state: "REGISTERED" }, "FAIL", "it has crashed");
  expect(moved).toEqual({ ...seen, state: "ERROR", version: version + 1 });
});
