import { ROLES } from "@muster/domain/roles.ts";
import { sql } from "drizzle-orm";
import { check, foreignKey, index, integer, pgTable, text, unique, uuid } from "drizzle-orm/pg-core";
import { clock, moment, oneOf } from "../columns.ts";
import { projects } from "./projects.ts";
import { users } from "./users.ts";
import { workspaces } from "./workspaces.ts";

/** The role of a person in a project, in a whole workspace (no project) or in the whole installation (neither). */
export const memberships = pgTable(
  "memberships",
  {
    id: uuid("id").primaryKey(),
    userId: uuid("user_id")
      .notNull()
      .references(() => users.id),
    workspaceId: uuid("workspace_id").references(() => workspaces.id),
    projectId: uuid("project_id"),
    role: text("role", { enum: ROLES }).notNull(),
    version: integer("version").notNull().default(1),
    createdAt: moment("created_at").notNull().default(clock),
  },
  (table) => [
    unique("memberships_user_workspace_project_key")
      .on(table.userId, table.workspaceId, table.projectId)
      .nullsNotDistinct(),
    foreignKey({
      name: "memberships_project_fkey",
      columns: [table.workspaceId, table.projectId],
      foreignColumns: [projects.workspaceId, projects.id],
    }),
    check("memberships_project_check", sql`${table.projectId} is null or ${table.workspaceId} is not null`),
    oneOf("memberships_role_check", table.role, ROLES),
    index("memberships_workspace_id_index").on(table.workspaceId, table.id),
  ],
);
