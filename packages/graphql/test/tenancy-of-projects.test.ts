import { ROLES } from "@muster/domain/roles.ts";
import { afterAll, beforeAll, describe } from "vitest";
import { CALLS, demandNothing } from "./foreign-ids.ts";
import { agentOf, createTenants, grantOf, type IdOf, personWith, programOf, type Tenants } from "./tenants.ts";

let tenants: Tenants;
beforeAll(async () => {
  tenants = await createTenants();
});
afterAll(() => tenants.close());

/** What belongs to the workspace that both projects are in. */
const SHARED: readonly IdOf[] = ["workspace", "workspaceSlug", "definition", "definitionSlug"];

describe("an id of another project of the same workspace answers like a missing one", () => {
  demandNothing({
    tenants: () => tenants,
    callers({ here }) {
      const roles = ROLES.map((role) => [role, personWith(grantOf(role, here, here.projectId))] as const);
      const program = programOf("ADMIN", here.workspaceId, here.projectId);
      return { ...Object.fromEntries(roles), program, agent: agentOf(here) };
    },
    own: ({ here }) => here,
    foreign: ({ beside }) => beside,
    calls: CALLS.filter(({ of }) => !SHARED.includes(of)),
  });
});

describe("who may only see one project and do everything in another", () => {
  demandNothing({
    tenants: () => tenants,
    callers: ({ here, beside }) => ({
      person: personWith(grantOf("ADMIN", here, here.projectId), grantOf("VIEWER", beside, beside.projectId)),
    }),
    own: ({ here }) => here,
    foreign: ({ beside }) => beside,
    calls: CALLS.filter(({ kind, of }) => kind === "mutation" && !SHARED.includes(of)),
  });
});
