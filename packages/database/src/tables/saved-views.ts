import { ACTOR_KINDS } from "@muster/domain/actor.ts";
import { SAVED_VIEW_SCREENS } from "@muster/domain/saved-view.ts";
import { foreignKey, integer, pgTable, text, unique, uuid } from "drizzle-orm/pg-core";
import { clock, moment, oneOf } from "../columns.ts";
import { projects } from "./projects.ts";

/** What a screen of the console shows, under a name, for everybody in the project. */
export const savedViews = pgTable(
  "saved_views",
  {
    id: uuid("id").primaryKey(),
    workspaceId: uuid("workspace_id").notNull(),
    projectId: uuid("project_id").notNull(),
    screen: text("screen", { enum: SAVED_VIEW_SCREENS }).notNull(),
    name: text("name").notNull(),
    /** The query of the screen's address, without the question mark. */
    query: text("query").notNull(),
    version: integer("version").notNull().default(1),
    creatorKind: text("creator_kind", { enum: ACTOR_KINDS }).notNull(),
    creatorId: uuid("creator_id"),
    creatorName: text("creator_name").notNull(),
    createdAt: moment("created_at").notNull().default(clock),
    updatedAt: moment("updated_at").notNull().default(clock),
  },
  (table) => [
    unique("saved_views_project_id_screen_name_key").on(table.projectId, table.screen, table.name),
    foreignKey({
      name: "saved_views_project_fkey",
      columns: [table.workspaceId, table.projectId],
      foreignColumns: [projects.workspaceId, projects.id],
    }),
    oneOf("saved_views_screen_check", table.screen, SAVED_VIEW_SCREENS),
    oneOf("saved_views_creator_kind_check", table.creatorKind, ACTOR_KINDS),
  ],
);
