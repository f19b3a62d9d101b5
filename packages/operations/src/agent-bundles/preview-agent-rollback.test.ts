import { Forbidden, NotFound } from "@muster/domain/errors.ts";
import { AGENT_PERMISSIONS, PERMISSIONS } from "@muster/domain/permissions.ts";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bundlesOn } from "../../test/bundles.ts";
import { addProject, callerOf, createFixture, type Fixture, only } from "../../test/fixtures.ts";
import { holdTask } from "../../test/held-tasks.ts";
import { connectAgent } from "../agents/connect-agent.ts";
import { transitionAgent } from "../agents/transition-agent.ts";
import { pruneContexts } from "../contexts/retention/prune-contexts.ts";
import { getVersionData } from "../contexts/versions/version-queries.ts";
import { registerDefinition } from "../definitions/register-definition.ts";
import { previewAgentRollbacks } from "./preview-agent-rollback.ts";

let fixture: Fixture;
let on: ReturnType<typeof bundlesOn>;
beforeAll(async () => {
  fixture = await createFixture();
  on = bundlesOn(fixture);
});
afterAll(() => fixture.close());

const preview = (agentId: string, toBundle: number, caller = fixture.admin) =>
  only(previewAgentRollbacks(fixture.runtime, caller, [agentId], toBundle));
const agentKey = (id: string) =>
  callerOf({ kind: "AGENT", id, name: "agent", reach: fixture, permissions: new Set(AGENT_PERMISSIONS) });

describe("previewAgentRollbacks", () => {
  it("says what would change and what stays, and changes nothing", async () => {
    const { id } = await on.agent({ level: 1 });
    const plan = await on.context(id, "plan");
    await on.write(plan, 1);
    await on.write(plan, 2);
    const notes = await on.context(id, "notes");
    await on.write(notes, 1);
    await on.update(id, { config: { level: 2 } });
    const [shared, unread] = [await on.context(null, "shared"), await on.context(null, "unread")];
    for (const contextId of [shared, unread]) await on.write(contextId, 1);
    await getVersionData(fixture.runtime, agentKey(id), [{ contextId: shared, number: 1 }]);
    await connectAgent(fixture.runtime, fixture.admin, { agentId: id });
    const task = await holdTask(fixture, id);
    const found = await preview(id, 2);
    expect(found).toMatchObject({
      changed: true,
      sharedContextIds: [shared],
      heldTaskIds: [task.id],
      restarts: true,
      refusal: null,
      warnings: [],
      difference: { itself: true, from: { number: 5, config: { level: 2 } }, to: { number: 2, config: { level: 1 } } },
    });
    expect(found.difference.contexts.map(({ contextId, from, to }) => [contextId, from?.version, to?.version])).toEqual(
      [
        [notes, 1, undefined],
        [plan, 2, 1],
      ],
    );
    expect([await on.head(id), (await on.now(id)).config]).toEqual([5, { level: 2 }]);
    await on.rollBack(id, 2);
    expect((await preview(id, 5)).warnings).toEqual([
      { code: "SUPERSEDES_ROLLBACK", message: expect.stringContaining("A rollback of plan") as string },
    ]);
    const bundle = await on.head(id);
    expect(await preview(id, bundle)).toMatchObject({ changed: false, restarts: false, warnings: [] });
    // The new context would stay: that alone is no change.
    expect(await preview(id, 2)).toMatchObject({ changed: false });
    expect(await on.rollBack(id, 2)).toMatchObject({ changed: false });
  });

  it("says why it would be refused", async () => {
    const { id } = await on.agent();
    const plan = await on.context(id, "plan");
    for (let step = 1; step <= 20; step++) await on.write(plan, { step });
    await fixture.database.query(sql`update contexts set keep_versions = 1 where id = ${plan}`);
    await pruneContexts(fixture.runtime);
    expect((await preview(id, 2)).refusal).toMatch(/^plan: The data of version 1 was removed/);
    expect((await preview(id, 21)).refusal).toBeNull();
    await transitionAgent(fixture.runtime, fixture.admin, { agentId: id, action: "DECOMMISSION", reason: "over" });
    expect((await preview(id, 21)).refusal).toMatch(/while the agent is DECOMMISSIONED/);
  });

  it("warns of what one has to know before", async () => {
    const worker = { slug: "disabled", name: "Worker", type: "process", capabilities: [] };
    await registerDefinition(fixture.runtime, fixture.admin, worker);
    const { id } = await on.agent({ port: 1 }, "disabled");
    await on.update(id, { config: { port: 2 } });
    await registerDefinition(fixture.runtime, fixture.admin, { ...worker, enabled: false });
    await fixture.database.query(
      sql`update agent_definition_versions set config_schema = '{"required": ["host"]}'
          where definition_id = (select definition_id from agents where id = ${id})`,
    );
    expect((await preview(id, 1)).warnings).toEqual([
      {
        code: "CONFIG_MISMATCH",
        message: "The config does not match the schema of version 1: config: must have required property 'host'.",
      },
      { code: "DEFINITION_DISABLED", message: "The definition disabled is disabled." },
    ]);
    const { id: other } = await on.agent();
    await on.update(other, { maxConcurrency: 2 });
    await connectAgent(fixture.runtime, fixture.admin, { agentId: other });
    await holdTask(fixture, other);
    const act = (action: "SUSPEND", mode: "DRAIN" | "NOW") =>
      transitionAgent(fixture.runtime, fixture.admin, { agentId: other, action, mode, reason: "wait" });
    await act("SUSPEND", "DRAIN");
    await on.update(other, { maxConcurrency: 3 });
    expect(await preview(other, 1)).toMatchObject({
      restarts: false,
      warnings: [{ code: "DRAINS_ALREADY", message: expect.stringContaining("SUSPEND") as string }],
    });
    await act("SUSPEND", "NOW");
    expect(await preview(other, 1)).toMatchObject({
      restarts: false,
      warnings: [{ code: "NOT_RESTARTED", message: expect.stringContaining("SUSPENDED") as string }],
    });
  });

  it("is for those who may read it, of bundles that there are", async () => {
    const [one, other] = [await on.agent(), await on.agent()];
    const elsewhere = await addProject(fixture.database);
    const stranger = callerOf({ kind: "USER", name: "x", reach: elsewhere, permissions: new Set(PERMISSIONS) });
    const nobody = callerOf({ kind: "USER", name: "x", permissions: new Set() });
    expect(await preview(one.id, 1, agentKey(one.id))).toMatchObject({ changed: false });
    await expect(preview(one.id, 2)).rejects.toThrow(NotFound);
    await expect(preview(one.id, 1, agentKey(other.id))).rejects.toThrow(NotFound);
    await expect(preview(one.id, 1, stranger)).rejects.toThrow(NotFound);
    await expect(preview(one.id, 1, nobody)).rejects.toThrow(Forbidden);
  });
});
