import { Forbidden } from "@muster/domain/errors.ts";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, it } from "vitest";
import { addAgent, addProject, callerOf, createFixture, type Fixture, only } from "../../test/fixtures.ts";
import { readAgentHealth } from "./agent-health.ts";
import { connectAgent } from "./connect-agent.ts";
import { heartbeat } from "./heartbeat.ts";

let fixture: Fixture;
beforeAll(async () => {
  fixture = await createFixture({ heartbeatTimeoutMs: 20_000, missedOffersLimit: 2 });
});
afterAll(() => fixture.close());

const health = (id: string) => only(readAgentHealth(fixture.runtime, fixture.admin, [id]));

it("knows nothing of a process before one has connected", async () => {
  const { id } = await addAgent(fixture, "new", "REGISTERED");
  expect(await health(id)).toEqual({
    agentId: id,
    load: null,
    lastHeartbeatAt: null,
    heartbeatTimeoutMs: 20_000,
    missedOffers: 0,
    missedOffersLimit: 2,
    channel: null,
    incarnation: 0,
    connectedAt: null,
  });
});

it("says since when which process speaks for the agent, how busy it is, and whether it starts what it is given", async () => {
  const { runtime, database } = fixture;
  const { id, caller } = await addAgent(fixture, "busy", "OFFLINE");
  await connectAgent(runtime, caller, { agentId: id });
  const first = await health(id);
  expect(first).toMatchObject({ incarnation: 1, channel: "OK", load: null });
  expect(first.connectedAt).toBeInstanceOf(Date);
  await heartbeat(runtime, caller, { agentId: id, incarnation: 1, sequence: 1, load: 0.5, tasks: [] });
  expect(await health(id)).toMatchObject({ load: 0.5, connectedAt: first.connectedAt });
  await database.query(sql`update agents set missed_offers = 2 where id = ${id}`);
  expect(await health(id)).toMatchObject({ missedOffers: 2, channel: "BROKEN" });
  await connectAgent(runtime, caller, { agentId: id });
  const second = await health(id);
  expect(second).toMatchObject({ incarnation: 2, channel: "OK", missedOffers: 0, load: null });
  expect(Number(second.connectedAt)).toBeGreaterThan(Number(first.connectedAt));
  await database.query(sql`delete from events where agent_id = ${id} and type = 'agent.connected'`);
  expect(await health(id)).toMatchObject({ incarnation: 2, connectedAt: null });
});

it("is nobody's who may not, and shows nothing of another tenant", async () => {
  const { id } = await addAgent(fixture, "foreign", "ONLINE", await addProject(fixture.database));
  const nobody = callerOf({ kind: "API_KEY", name: "nobody", permissions: new Set() });
  await expect(readAgentHealth(fixture.runtime, nobody, [id])).rejects.toThrow(Forbidden);
  const reach = { workspaceId: fixture.workspaceId, projectId: null };
  const elsewhere = callerOf({ kind: "API_KEY", name: "e", permissions: fixture.admin.actor.permissions, reach });
  expect((await readAgentHealth(fixture.runtime, elsewhere, [id])).size).toBe(0);
});
