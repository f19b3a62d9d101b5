import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { answer, CALLS } from "./foreign-ids.ts";
import { missingId } from "./generated-calls.ts";
import { createTenants, installationAdmin, programOf, type Tenants } from "./tenants.ts";

let tenants: Tenants;
// Held by row-level security as well: it must not hide what is one's own.
beforeAll(async () => {
  tenants = await createTenants({ rowSecurity: true });
});
afterAll(() => tenants.close());

/** Whether the id was found shows in what comes later, or in other rows than the project has. */
const SAYS_NO_MORE = [
  /^Mutation\.(cancelTasks|retryTasks|transitionAgents|createWebhook|updateWebhook) input\.filter\./,
  /^Mutation\.heartbeat input\.tasks/,
  /^Subscription\.\w+ (filter\.|agents|contexts|tasks|webhooks)/,
  /^Query\.(installationApiKeys|auditLog)/,
  /^(Agent\.tasks|Project\.taskErrorCounts) filter\./,
  /^Project\.(fleetChanges|transitionCounts) filter\./,
  /auditLog filter\.credentials/,
];

/** What an admin of a workspace may not do. */
const OF_THE_INSTALLATION = /userId|sessionId|\((user|session)\)|installation/;

describe("the calls that find nothing of others find what is one's own", () => {
  // What removes something comes last, and after that what ends all sessions of a person.
  const rank = (name: string) =>
    /\.(disable|reset|createPasswordReset)/.test(name) ? 2 : /\.(delete|revoke|end)/.test(name) ? 1 : 0;
  const calls = CALLS.toSorted((a, b) => rank(a.name) - rank(b.name));
  it.each(calls.map((call) => [call.name, call] as const))("%s", async (_name, call) => {
    const { there } = tenants;
    const admin = OF_THE_INSTALLATION.test(call.name)
      ? installationAdmin()
      : programOf("ADMIN", there.workspaceId, null);
    const missing = await answer(tenants, admin, call, there, missingId(call.of));
    const found = await answer(tenants, admin, call, there, there.ids.get(call.of) ?? "");
    expect(found).not.toContain("unexpected");
    if (SAYS_NO_MORE.some((pattern) => pattern.test(call.name))) return;
    expect(found).not.toBe(missing);
  });
});
