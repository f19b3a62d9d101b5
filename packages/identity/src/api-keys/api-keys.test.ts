import type { Caller } from "@muster/domain/actor.ts";
import { unitedGrants } from "@muster/domain/actor.ts";
import { hashApiKey, parseApiKey } from "@muster/domain/api-key.ts";
import { Conflict, Forbidden, InvalidInput, NotFound } from "@muster/domain/errors.ts";
import { PERMISSIONS } from "@muster/domain/permissions.ts";
import { ROLE_PERMISSIONS } from "@muster/domain/roles.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { callerIn, callerOf, createKeyFixture, type KeyFixture } from "../../test/key-fixture.ts";
import { authenticate } from "../authenticate.ts";
import { permissionsOf } from "../live-key.ts";
import { createApiKey, type CreateApiKeyInput } from "./create-api-key.ts";
import { revokeApiKey } from "./revoke-api-key.ts";
import { rotateApiKey, type RotateApiKeyInput } from "./rotate-api-key.ts";

let fixture: KeyFixture;
beforeAll(async () => {
  fixture = await createKeyFixture();
});
afterAll(() => fixture.close());

const create = (input: Partial<CreateApiKeyInput>, caller: Caller = fixture.admin) =>
  createApiKey(fixture.runtime, caller, { name: "ci", role: "OPERATOR", ...input });
const rotate = (apiKeyId: string, input: Partial<RotateApiKeyInput> = {}, caller = fixture.admin) =>
  rotateApiKey(fixture.runtime, caller, { apiKeyId, ...input });
const revoke = (apiKeyId: string, caller = fixture.admin) =>
  revokeApiKey(fixture.runtime, caller, { apiKeyId, reason: "it leaked" });
const works = async (key: string) => (await authenticate(fixture.database, key, "FRESH")) !== null;
const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1_000);

async function keyCount(): Promise<number> {
  const [row] = await fixture.execute<{ count: number }>("select count(*)::int as count from api_keys");
  return row?.count ?? 0;
}

/** Rejects with this, and makes no key. */
async function refuses(work: () => Promise<unknown>, error: new (...parameters: never[]) => Error): Promise<void> {
  const before = await keyCount();
  await expect(work()).rejects.toBeInstanceOf(error);
  expect(await keyCount()).toBe(before);
}

describe("createApiKey", () => {
  it("makes a key with a role in a project, which is stored by its hash alone", async () => {
    const { workspaceId, projectId } = fixture;
    const { apiKey, key } = await create({ projectId });
    expect(parseApiKey(key)).toMatchObject({ kind: "program", id: apiKey.id });
    expect(apiKey).toMatchObject({ workspaceId, projectId, role: "OPERATOR", state: "ACTIVE", lastUsedAt: null });
    const found = await authenticate(fixture.database, key);
    expect(found?.actor.permissions).toEqual(permissionsOf("OPERATOR"));
    expect(found?.actor.reach).toEqual({ workspaceIds: [workspaceId], projectIds: [projectId] });
    const [row] = await fixture.execute<{ text: string; hash: string }>(
      "select k::text as text, hash from api_keys k where id = $1",
      apiKey.id,
    );
    expect(row?.hash).toBe(hashApiKey(key));
    expect(row?.text).not.toContain(key.slice(-20));
    expect(await fixture.eventsOf(apiKey.id)).toEqual([
      {
        type: "api_key.created",
        version: 1,
        workspaceId,
        projectId,
        actorName: "somebody",
        reason: null,
        payload: { name: "ci", kind: "program", role: "OPERATOR", permissions: null, expiresAt: null },
      },
    ]);
  });

  it("takes of the role what is chosen", async () => {
    const { key } = await create({ ...tenant(), permissions: ["task.read", "task.create", "task.read"] });
    expect((await authenticate(fixture.database, key))?.actor.permissions).toEqual(
      new Set(["task.read", "task.create"]),
    );
    await refuses(() => create({ ...tenant(), role: "VIEWER", permissions: ["task.create"] }), InvalidInput);
    await refuses(() => create({ ...tenant(), permissions: [] }), InvalidInput);
    await refuses(() => create({ ...tenant(), permissions: ["everything" as never] }), InvalidInput);
  });

  it("stops at its end, to the second", async () => {
    const { key } = await create({ ...tenant(), expiresAt: inSeconds(1) });
    expect(await authenticate(fixture.database, key)).not.toBeNull();
    await expect.poll(() => authenticate(fixture.database, key), { timeout: 2_000, interval: 20 }).toBeNull();
    await refuses(() => create({ ...tenant(), expiresAt: inSeconds(-1) }), InvalidInput);
  });

  it("makes nothing that may more than who asks, or elsewhere", async () => {
    const { workspaceId, projectId, other } = fixture;
    const managing = [...ROLE_PERMISSIONS.OPERATOR, "key.manage"] as const;
    const one = callerIn(workspaceId, projectId, managing);
    await create({ projectId, role: "OPERATOR" }, one);
    await refuses(() => create({ projectId, role: "DEVELOPER" }, one), Forbidden);
    await refuses(() => create({ projectId, role: "ADMIN", permissions: ["user.manage"] }, one), Forbidden);
    await create({ projectId, role: "ADMIN", permissions: ["key.manage", "task.read"] }, one);
    await refuses(() => create({ workspaceId, role: "VIEWER" }, one), Forbidden);
    await refuses(() => create({ role: "VIEWER" }, one), Forbidden);
    await refuses(() => create({ projectId: other.projectId, role: "VIEWER" }, one), NotFound);
    await refuses(() => create({ projectId: crypto.randomUUID(), role: "VIEWER" }), NotFound);
    await refuses(() => create({ workspaceId: other.workspaceId, projectId, role: "VIEWER" }), NotFound);
    const whole = callerIn(workspaceId, null, PERMISSIONS);
    await create({ workspaceId, role: "ADMIN" }, whole);
    await refuses(() => create({ workspaceId: other.workspaceId, role: "VIEWER" }, whole), NotFound);
    await refuses(() => create({ role: "VIEWER" }, whole), Forbidden);
    await refuses(
      () => create({ projectId, role: "VIEWER" }, callerIn(workspaceId, projectId, ["key.read"])),
      Forbidden,
    );
  });

  it("looks at each role of someone with several by itself", async () => {
    const { workspaceId, projectId, other } = fixture;
    const grants = [
      { workspaceId, projectId, permissions: permissionsOf("ADMIN") },
      { ...other, permissions: permissionsOf("DEVELOPER") },
    ];
    const several = callerOf(unitedGrants(grants));
    await create({ projectId, role: "ADMIN" }, several);
    await refuses(() => create({ projectId: other.projectId, role: "VIEWER" }, several), NotFound);
  });
});

describe("rotateApiKey", () => {
  it("gives a new key, and lets the old one work for as long as was said", async () => {
    const old = await create({ ...tenant(), permissions: ["task.read"] });
    const fresh = await rotate(old.apiKey.id, { overlapSeconds: 1 });
    expect(fresh.apiKey).toMatchObject({ name: "ci", role: "OPERATOR", permissions: ["task.read"], expiresAt: null });
    expect([await works(old.key), await works(fresh.key)]).toEqual([true, true]);
    await expect.poll(() => works(old.key), { timeout: 2_000, interval: 50 }).toBe(false);
    expect(await works(fresh.key)).toBe(true);
    const events = await fixture.eventsOf(old.apiKey.id);
    expect(events.map(({ type, version }) => [type, version])).toEqual([
      ["api_key.created", 1],
      ["api_key.rotated", 2],
    ]);
    expect(events[1]?.payload).toMatchObject({ replacedBy: fresh.apiKey.id });
    const [created] = await fixture.eventsOf(fresh.apiKey.id);
    expect(created?.payload).toMatchObject({ replaces: old.apiKey.id });
  });

  it("stops the old one at once without an overlap, and never later than its own end", async () => {
    const one = await create(tenant());
    await rotate(one.apiKey.id, { overlapSeconds: 0 });
    expect(await works(one.key)).toBe(false);

    const two = await create({ ...tenant(), expiresAt: inSeconds(60) });
    const { apiKey } = await rotate(two.apiKey.id, { overlapSeconds: 3_600 });
    const [row] = await fixture.execute<{ at: Date }>(
      "select expires_at as at from api_keys where id = $1",
      two.apiKey.id,
    );
    expect(row?.at).toEqual(two.apiKey.expiresAt);
    expect(Math.abs((apiKey.expiresAt?.getTime() ?? 0) - inSeconds(60).getTime())).toBeLessThan(5_000);
  });

  it("of ten at once, one wins", async () => {
    const { apiKey } = await create(tenant());
    const results = await Promise.allSettled(Array.from({ length: 10 }, () => rotate(apiKey.id)));
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    for (const result of results) if (result.status === "rejected") expect(result.reason).toBeInstanceOf(Conflict);
  });

  it("is not for what works no more, agents, strangers, or keys that may more than who asks", async () => {
    const { workspaceId, projectId, other } = fixture;
    const gone = await create(tenant());
    await revoke(gone.apiKey.id);
    await refuses(() => rotate(gone.apiKey.id), Conflict);
    const agentKey = await newAgentKey();
    await refuses(() => rotate(agentKey), InvalidInput);
    const strong = await create({ ...tenant(), role: "ADMIN" });
    const weak = callerIn(workspaceId, projectId, ["key.manage", "task.read"]);
    await refuses(() => rotate(strong.apiKey.id, {}, weak), Forbidden);
    await refuses(() => rotate(strong.apiKey.id, {}, callerIn(other.workspaceId, null, PERMISSIONS)), NotFound);
    for (const overlapSeconds of [-1, 604_801, 0.5]) {
      await refuses(() => rotate(strong.apiKey.id, { overlapSeconds }), InvalidInput);
    }
  });
});

it("a short-lived token makes no key", async () => {
  const { apiKey } = await create(tenant());
  const token = { ...fixture.admin, origin: { credentialId: apiKey.id, address: null, isToken: true } } as const;
  await refuses(() => create(tenant(), token), InvalidInput);
  await refuses(() => rotate(apiKey.id, {}, token), InvalidInput);
});

describe("revokeApiKey", () => {
  it("ends a key at once, with its reason in the log, and once", async () => {
    const { apiKey, key } = await create(tenant());
    expect(await authenticate(fixture.database, key)).not.toBeNull();
    expect(await revoke(apiKey.id)).toMatchObject({ id: apiKey.id, state: "REVOKED" });
    expect(await authenticate(fixture.database, key)).toBeNull();
    await expect(revoke(apiKey.id)).rejects.toBeInstanceOf(Conflict);
    const events = await fixture.eventsOf(apiKey.id);
    expect(events.map(({ type, reason }) => [type, reason])).toEqual([
      ["api_key.created", null],
      ["api_key.revoked", "it leaked"],
    ]);
  });

  it("reaches keys of the place only", async () => {
    const { workspaceId, projectId, other } = fixture;
    const [inProject, inWorkspace, everywhere] = [
      await create(tenant()),
      await create({ workspaceId }),
      await create({}),
    ];
    const [ofProject, ofWorkspace] = [
      callerIn(workspaceId, projectId, PERMISSIONS),
      callerIn(workspaceId, null, PERMISSIONS),
    ];
    const stranger = callerIn(other.workspaceId, null, PERMISSIONS);
    for (const { apiKey } of [inProject, inWorkspace, everywhere]) {
      await expect(revoke(apiKey.id, stranger)).rejects.toBeInstanceOf(NotFound);
      await expect(revoke(apiKey.id, callerIn(workspaceId, null, ["key.read"]))).rejects.toBeInstanceOf(Forbidden);
    }
    await expect(revoke(inWorkspace.apiKey.id, ofProject)).rejects.toBeInstanceOf(NotFound);
    await expect(revoke(everywhere.apiKey.id, ofWorkspace)).rejects.toBeInstanceOf(NotFound);
    await revoke(inProject.apiKey.id, ofProject);
    await revoke(inWorkspace.apiKey.id, ofWorkspace);
    await revoke(everywhere.apiKey.id);
  });

  it("lets someone with a whole workspace and a project of another one end keys of both", async () => {
    const { workspaceId, projectId, other } = fixture;
    const permissions = permissionsOf("ADMIN");
    const several = callerOf(
      unitedGrants([
        { workspaceId, projectId: null, permissions, projectIds: [projectId] },
        { ...other, permissions },
      ]),
    );
    await revoke((await create({ workspaceId })).apiKey.id, several);
    await revoke((await create({ projectId: other.projectId })).apiKey.id, several);
    const whole = await create({ workspaceId: other.workspaceId });
    await expect(revoke(whole.apiKey.id, several)).rejects.toBeInstanceOf(NotFound);
  });
});

const tenant = () => ({ projectId: fixture.projectId });

async function newAgentKey(): Promise<string> {
  const [id, agentId] = [crypto.randomUUID(), await fixture.newAgent(`a${crypto.randomUUID()}`)];
  await fixture.execute(
    "insert into api_keys (id, kind, name, hash, workspace_id, project_id, agent_id) values ($1, 'agent', 'a', $2, $3, $4, $5)",
    id,
    hashApiKey(id),
    fixture.workspaceId,
    fixture.projectId,
    agentId,
  );
  return id;
}
