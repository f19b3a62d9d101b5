import { bigint, index, pgTable, uuid } from "drizzle-orm/pg-core";
import { moment } from "../columns.ts";
import { workspaces } from "./workspaces.ts";

/**
 * How many bytes a workspace with `maxStorageBytes` takes. A row of its own, because it is locked after all others of a
 * transaction, and workspaces before them.
 */
export const workspaceStorage = pgTable(
  "workspace_storage",
  {
    workspaceId: uuid("workspace_id")
      .primaryKey()
      .references(() => workspaces.id),
    bytes: bigint("bytes", { mode: "number" }).notNull(),
    /** What is not counted as it happens (outputs, and all that retention removes) counts from the next measurement on. */
    measuredAt: moment("measured_at").notNull(),
  },
  (table) => [index("workspace_storage_measured_at_index").on(table.measuredAt)],
);
