import { ROLES } from "@muster/domain/roles.ts";
import { afterAll, beforeAll, describe } from "vitest";
import { demandNothing } from "./foreign-ids.ts";
import { agentOf, createTenants, grantOf, personWith, programOf, type Tenants } from "./tenants.ts";

let tenants: Tenants;
beforeAll(async () => {
  tenants = await createTenants();
});
afterAll(() => tenants.close());

describe("an id of another workspace answers like a missing one", () => {
  demandNothing({
    tenants: () => tenants,
    callers({ here, beside }) {
      const projects = [here.projectId, beside.projectId];
      const roles = ROLES.map((role) => [role, personWith(grantOf(role, here, null, projects))] as const);
      const program = programOf("ADMIN", here.workspaceId, null);
      return { ...Object.fromEntries(roles), program, agent: agentOf(here) };
    },
    own: ({ here }) => here,
    foreign: ({ there }) => there,
  });
});
