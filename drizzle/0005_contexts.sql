CREATE TABLE "agent_bundle_heads" (
	"agent_id" uuid PRIMARY KEY NOT NULL,
	"number" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "agent_bundles" (
	"agent_id" uuid NOT NULL,
	"number" integer NOT NULL,
	"definition_version" integer,
	"config" jsonb,
	"max_concurrency" integer,
	"context_id" uuid,
	"context_version" integer,
	"rolled_back_to" integer,
	"reason" text,
	"author" jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "agent_bundles_agent_id_number_pk" PRIMARY KEY("agent_id","number"),
	CONSTRAINT "agent_bundles_change_check" CHECK (("agent_bundles"."context_id" is null) = ("agent_bundles"."definition_version" is not null and "agent_bundles"."config" is not null and "agent_bundles"."max_concurrency" is not null)
        and ("agent_bundles"."context_id" is null) = ("agent_bundles"."context_version" is null))
);
--> statement-breakpoint
CREATE TABLE "context_contents" (
	"context_id" uuid NOT NULL,
	"data_hash" text NOT NULL,
	"base_hash" text,
	"depth" integer NOT NULL,
	"chain_bytes" integer NOT NULL,
	"body" text NOT NULL,
	CONSTRAINT "context_contents_context_id_data_hash_pk" PRIMARY KEY("context_id","data_hash"),
	CONSTRAINT "context_contents_depth_check" CHECK (("context_contents"."base_hash" is null) = ("context_contents"."depth" = 0))
);
--> statement-breakpoint
CREATE TABLE "context_pins" (
	"context_id" uuid NOT NULL,
	"name" text NOT NULL,
	"number" integer NOT NULL,
	"author" jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "context_pins_context_id_name_pk" PRIMARY KEY("context_id","name")
);
--> statement-breakpoint
ALTER TABLE "context_versions" ADD COLUMN "merged_from" integer;--> statement-breakpoint
ALTER TABLE "context_versions" ADD COLUMN "pruned_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "contexts" ADD COLUMN "schema" jsonb;--> statement-breakpoint
ALTER TABLE "contexts" ADD COLUMN "keep_versions" integer;--> statement-breakpoint
ALTER TABLE "contexts" ADD COLUMN "pruned_through" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "contexts" ADD COLUMN "forked_from_id" uuid;--> statement-breakpoint
ALTER TABLE "contexts" ADD COLUMN "forked_from_version" integer;--> statement-breakpoint
ALTER TABLE "workspaces" ADD COLUMN "keep_context_versions" integer;--> statement-breakpoint
ALTER TABLE "agent_bundle_heads" ADD CONSTRAINT "agent_bundle_heads_agent_id_agents_id_fk" FOREIGN KEY ("agent_id") REFERENCES "public"."agents"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "agent_bundles" ADD CONSTRAINT "agent_bundles_agent_id_agents_id_fk" FOREIGN KEY ("agent_id") REFERENCES "public"."agents"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "agent_bundles" ADD CONSTRAINT "agent_bundles_context_version_fkey" FOREIGN KEY ("context_id","context_version") REFERENCES "public"."context_versions"("context_id","number") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "context_contents" ADD CONSTRAINT "context_contents_context_id_contexts_id_fk" FOREIGN KEY ("context_id") REFERENCES "public"."contexts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "context_contents" ADD CONSTRAINT "context_contents_base_fkey" FOREIGN KEY ("context_id","base_hash") REFERENCES "public"."context_contents"("context_id","data_hash") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "context_pins" ADD CONSTRAINT "context_pins_version_fkey" FOREIGN KEY ("context_id","number") REFERENCES "public"."context_versions"("context_id","number") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "agent_bundles_agent_index" ON "agent_bundles" USING btree ("agent_id","number") WHERE context_id is null;--> statement-breakpoint
CREATE INDEX "agent_bundles_context_index" ON "agent_bundles" USING btree ("agent_id","context_id","number") WHERE context_id is not null;--> statement-breakpoint
CREATE INDEX "context_contents_base_index" ON "context_contents" USING btree ("context_id","base_hash") WHERE base_hash is not null;--> statement-breakpoint
CREATE INDEX "context_pins_number_index" ON "context_pins" USING btree ("context_id","number");--> statement-breakpoint
ALTER TABLE "contexts" ADD CONSTRAINT "contexts_forked_from_fkey" FOREIGN KEY ("workspace_id","project_id","forked_from_id") REFERENCES "public"."contexts"("workspace_id","project_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "context_versions_created_at_index" ON "context_versions" USING btree ("context_id","created_at");--> statement-breakpoint
CREATE INDEX "context_versions_rolled_back_to_index" ON "context_versions" USING btree ("context_id","rolled_back_to") WHERE rolled_back_to is not null;--> statement-breakpoint
CREATE INDEX "contexts_unjudged_index" ON "contexts" USING btree ("workspace_id",(current_version - pruned_through));--> statement-breakpoint
CREATE INDEX "contexts_keep_versions_index" ON "contexts" USING btree ((current_version - pruned_through - keep_versions - greatest(10, keep_versions / 10))) WHERE keep_versions is not null;--> statement-breakpoint
CREATE INDEX "contexts_forked_from_index" ON "contexts" USING btree ("forked_from_id","id") WHERE forked_from_id is not null;--> statement-breakpoint
ALTER TABLE "contexts" ADD CONSTRAINT "contexts_keep_versions_check" CHECK ("contexts"."keep_versions" between 1 and 1000000);--> statement-breakpoint
ALTER TABLE "workspaces" ADD CONSTRAINT "workspaces_keep_context_versions_check" CHECK ("workspaces"."keep_context_versions" between 1 and 1000000);
--> statement-breakpoint
-- What is there already: data as snapshots, each once; every agent's first bundle, and one for each of its contexts.
INSERT INTO "context_contents" ("context_id", "data_hash", "depth", "chain_bytes", "body")
SELECT DISTINCT ON ("context_id", "data_hash") "context_id", "data_hash", 0, 0, "data"::text FROM "context_versions" ORDER BY "context_id", "data_hash";
--> statement-breakpoint
INSERT INTO "agent_bundles" ("agent_id", "number", "definition_version", "config", "max_concurrency", "author")
SELECT "id", 1, "definition_version", "config", "max_concurrency", '{"kind": "SYSTEM", "id": null, "name": "migration"}' FROM "agents";
--> statement-breakpoint
INSERT INTO "agent_bundles" ("agent_id", "number", "context_id", "context_version", "author")
SELECT "agent_id", 1 + row_number() OVER (PARTITION BY "agent_id" ORDER BY "id"), "id", "current_version", '{"kind": "SYSTEM", "id": null, "name": "migration"}'
FROM "contexts" WHERE "agent_id" IS NOT NULL AND "current_version" > 0;
--> statement-breakpoint
INSERT INTO "agent_bundle_heads" ("agent_id", "number") SELECT "agent_id", max("number") FROM "agent_bundles" GROUP BY "agent_id";
--> statement-breakpoint
ALTER TABLE "context_versions" DROP COLUMN "data";
