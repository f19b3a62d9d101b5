ALTER TABLE "tasks" DROP CONSTRAINT "tasks_replay_of_fkey";
--> statement-breakpoint
CREATE TABLE "bulk_job_targets" (
	"job_id" uuid NOT NULL,
	"number" integer NOT NULL,
	"task_id" uuid NOT NULL,
	"outcome" text DEFAULT 'PENDING' NOT NULL,
	"message" text,
	"new_task_id" uuid,
	"at" timestamp with time zone,
	CONSTRAINT "bulk_job_targets_job_id_number_pk" PRIMARY KEY("job_id","number"),
	CONSTRAINT "bulk_job_targets_outcome_check" CHECK ("bulk_job_targets"."outcome" in ('PENDING', 'STARTED', 'SUCCEEDED', 'SKIPPED', 'FAILED'))
);
--> statement-breakpoint
CREATE TABLE "bulk_jobs" (
	"id" uuid PRIMARY KEY NOT NULL,
	"workspace_id" uuid NOT NULL,
	"project_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"state" text DEFAULT 'RUNNING' NOT NULL,
	"state_since" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"filter" jsonb NOT NULL,
	"reason" text NOT NULL,
	"total" integer NOT NULL,
	"position" integer DEFAULT 0 NOT NULL,
	"succeeded" integer DEFAULT 0 NOT NULL,
	"skipped" integer DEFAULT 0 NOT NULL,
	"failed" integer DEFAULT 0 NOT NULL,
	"creator_kind" text NOT NULL,
	"creator_id" uuid,
	"creator_name" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"correlation_id" text,
	"looked_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"finished_at" timestamp with time zone,
	CONSTRAINT "bulk_jobs_workspace_id_project_id_id_key" UNIQUE("workspace_id","project_id","id"),
	CONSTRAINT "bulk_jobs_kind_check" CHECK ("bulk_jobs"."kind" in ('CANCEL', 'RETRY')),
	CONSTRAINT "bulk_jobs_state_check" CHECK ("bulk_jobs"."state" in ('RUNNING', 'SUCCEEDED', 'FAILED', 'ABORTED')),
	CONSTRAINT "bulk_jobs_creator_kind_check" CHECK ("bulk_jobs"."creator_kind" in ('USER', 'AGENT', 'API_KEY', 'SYSTEM'))
);
--> statement-breakpoint
CREATE TABLE "idempotency_keys" (
	"project_id" uuid NOT NULL,
	"key" text NOT NULL,
	"task_id" uuid NOT NULL,
	"created_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"expires_at" timestamp with time zone,
	CONSTRAINT "idempotency_keys_project_id_key_pk" PRIMARY KEY("project_id","key")
);
--> statement-breakpoint
CREATE TABLE "lanes" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "lanes_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"workspace_id" uuid NOT NULL,
	"project_id" uuid NOT NULL,
	"queue" text NOT NULL,
	"capability" text,
	"target_agent_id" uuid,
	"required_labels" jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "lanes_workspace_id_project_id_id_key" UNIQUE("workspace_id","project_id","id"),
	CONSTRAINT "lanes_key" UNIQUE NULLS NOT DISTINCT("project_id","queue","capability","target_agent_id","required_labels"),
	CONSTRAINT "lanes_takers_check" CHECK ("lanes"."capability" is not null or "lanes"."target_agent_id" is not null)
);
--> statement-breakpoint
CREATE TABLE "queues" (
	"id" uuid PRIMARY KEY NOT NULL,
	"workspace_id" uuid NOT NULL,
	"project_id" uuid NOT NULL,
	"name" text NOT NULL,
	"paused_at" timestamp with time zone,
	"pause_reason" text,
	"paused_by" jsonb,
	"max_running" integer,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "queues_project_id_name_key" UNIQUE("project_id","name"),
	CONSTRAINT "queues_max_running_check" CHECK ("queues"."max_running" between 1 and 1000000)
);
--> statement-breakpoint
CREATE TABLE "rate_limits" (
	"id" uuid PRIMARY KEY NOT NULL,
	"workspace_id" uuid NOT NULL,
	"project_id" uuid NOT NULL,
	"key" text NOT NULL,
	"max" integer NOT NULL,
	"period_ms" integer NOT NULL,
	"tokens" double precision NOT NULL,
	"refilled_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "rate_limits_project_id_key_key" UNIQUE("project_id","key"),
	CONSTRAINT "rate_limits_max_check" CHECK ("rate_limits"."max" between 1 and 1000000),
	CONSTRAINT "rate_limits_period_ms_check" CHECK ("rate_limits"."period_ms" between 1 and 86400000),
	CONSTRAINT "rate_limits_tokens_check" CHECK ("rate_limits"."tokens" >= 0)
);
--> statement-breakpoint
CREATE TABLE "schedules" (
	"id" uuid PRIMARY KEY NOT NULL,
	"workspace_id" uuid NOT NULL,
	"project_id" uuid NOT NULL,
	"name" text NOT NULL,
	"cron" text NOT NULL,
	"time_zone" text NOT NULL,
	"catch_up" text NOT NULL,
	"task" jsonb NOT NULL,
	"paused_at" timestamp with time zone,
	"pause_reason" text,
	"next_run_at" timestamp with time zone,
	"last_run_at" timestamp with time zone,
	"last_error" text,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"deleted_at" timestamp with time zone,
	CONSTRAINT "schedules_workspace_id_project_id_id_key" UNIQUE("workspace_id","project_id","id"),
	CONSTRAINT "schedules_catch_up_check" CHECK ("schedules"."catch_up" in ('NONE', 'LAST', 'ALL')),
	CONSTRAINT "schedules_next_run_at_check" CHECK (next_run_at is null or (paused_at is null and deleted_at is null))
);
--> statement-breakpoint
CREATE TABLE "task_dependencies" (
	"task_id" uuid NOT NULL,
	"depends_on_id" uuid NOT NULL,
	CONSTRAINT "task_dependencies_task_id_depends_on_id_pk" PRIMARY KEY("task_id","depends_on_id")
);
--> statement-breakpoint
CREATE TABLE "task_follow_ups" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "task_follow_ups_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"task_id" uuid NOT NULL,
	"at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "workflows" (
	"id" uuid PRIMARY KEY NOT NULL,
	"workspace_id" uuid NOT NULL,
	"project_id" uuid NOT NULL,
	"name" text NOT NULL,
	"state" text DEFAULT 'RUNNING' NOT NULL,
	"state_since" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"on_failure" text NOT NULL,
	"task_count" integer NOT NULL,
	"cancel_reason" text,
	"idempotency_key" text,
	"creator_kind" text NOT NULL,
	"creator_id" uuid,
	"creator_name" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"finished_at" timestamp with time zone,
	CONSTRAINT "workflows_workspace_id_project_id_id_key" UNIQUE("workspace_id","project_id","id"),
	CONSTRAINT "workflows_state_check" CHECK ("workflows"."state" in ('RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELLED')),
	CONSTRAINT "workflows_on_failure_check" CHECK ("workflows"."on_failure" in ('CANCEL_ALL', 'SKIP_DEPENDENTS', 'CONTINUE')),
	CONSTRAINT "workflows_creator_kind_check" CHECK ("workflows"."creator_kind" in ('USER', 'AGENT', 'API_KEY', 'SYSTEM'))
);
--> statement-breakpoint
ALTER TABLE "tasks" DROP CONSTRAINT "tasks_workspace_id_project_id_id_key";
--> statement-breakpoint
ALTER TABLE "tasks" DROP CONSTRAINT "tasks_project_fkey";
--> statement-breakpoint
ALTER TABLE "tasks" DROP CONSTRAINT "tasks_agent_fkey";
--> statement-breakpoint
ALTER TABLE "tasks" DROP CONSTRAINT "tasks_target_agent_fkey";
--> statement-breakpoint
DROP INDEX "tasks_idempotency_key_key";
--> statement-breakpoint
DROP INDEX "tasks_running_concurrency_key_key";
--> statement-breakpoint
DROP INDEX "tasks_ready_capability_index";
--> statement-breakpoint
DROP INDEX "tasks_ready_agent_index";
--> statement-breakpoint
DROP INDEX "tasks_project_id_created_at_index";
--> statement-breakpoint
DROP INDEX "tasks_held_index";
--> statement-breakpoint
DROP INDEX "tasks_project_id_run_at_index";
--> statement-breakpoint
DROP INDEX "tasks_project_id_priority_index";
--> statement-breakpoint
DROP INDEX "tasks_project_id_finished_at_index";
--> statement-breakpoint
DROP INDEX "tasks_agent_id_created_at_index";
--> statement-breakpoint
DROP INDEX "tasks_target_agent_id_created_at_index";
--> statement-breakpoint
ALTER TABLE "task_chunks" DROP CONSTRAINT "task_chunks_task_id_attempt_number_pk";
--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "lane_id" integer;
--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "required_labels" jsonb DEFAULT '{}'::jsonb NOT NULL;
--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "parked_for" text;
--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "parked_until" timestamp with time zone;
--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "retry_rules" jsonb DEFAULT '{}'::jsonb NOT NULL;
--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "chunk_attempt" integer DEFAULT 0 NOT NULL;
--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "chunk_sequence" integer DEFAULT 0 NOT NULL;
--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "concurrency_limit" integer DEFAULT 1 NOT NULL;
--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "concurrency_slot" integer;
--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "rate_limit_key" text;
--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "schedule_id" uuid;
--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "workflow_id" uuid;
--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "workflow_step" text;
--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "dependency_condition" text;
--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "has_dependents" boolean DEFAULT false NOT NULL;
--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "result_ttl_ms" double precision;
--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "result_expires_at" timestamp with time zone;
--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "result_expired_at" timestamp with time zone;
--> statement-breakpoint
ALTER TABLE "workspaces" ADD COLUMN "max_running_tasks" integer;
--> statement-breakpoint
-- What is there already gets its lane, its queue, its key.
INSERT INTO "lanes" ("workspace_id", "project_id", "queue", "capability", "target_agent_id", "required_labels")
SELECT DISTINCT "workspace_id", "project_id", "queue", "capability", "target_agent_id", '{}'::jsonb FROM "tasks";
--> statement-breakpoint
INSERT INTO "queues" ("id", "workspace_id", "project_id", "name")
SELECT gen_random_uuid(), "workspace_id", "project_id", "queue" FROM "tasks" GROUP BY "workspace_id", "project_id", "queue";
--> statement-breakpoint
INSERT INTO "idempotency_keys" ("project_id", "key", "task_id", "created_at")
SELECT "project_id", "idempotency_key", "id", "created_at" FROM "tasks" WHERE "idempotency_key" IS NOT NULL;
--> statement-breakpoint
UPDATE "tasks" t SET
  "lane_id" = l."id",
  "parked_for" = CASE WHEN t."state" = 'QUEUED' AND t."run_at" > clock_timestamp() THEN 'TIME' END,
  "parked_until" = CASE WHEN t."state" = 'QUEUED' AND t."run_at" > clock_timestamp() THEN t."run_at" END,
  "concurrency_slot" = CASE WHEN t."concurrency_key" IS NOT NULL AND t."state" IN ('ASSIGNED', 'RUNNING', 'CANCELLING') THEN 1 END
FROM "lanes" l
WHERE l."project_id" = t."project_id" AND l."queue" = t."queue" AND l."capability" IS NOT DISTINCT FROM t."capability"
  AND l."target_agent_id" IS NOT DISTINCT FROM t."target_agent_id";
--> statement-breakpoint
ALTER TABLE "tasks" ALTER COLUMN "lane_id" SET NOT NULL;
--> statement-breakpoint
-- Rows that change their state several times within seconds: what is dead goes soon, and statistics keep up.
ALTER TABLE "tasks" SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 2000, autovacuum_analyze_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0);
--> statement-breakpoint
ALTER TABLE "agents" SET (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_cost_delay = 0);
--> statement-breakpoint
ALTER TABLE "task_chunks" ADD CONSTRAINT "task_chunks_task_id_number_pk" PRIMARY KEY("task_id","number");
--> statement-breakpoint
ALTER TABLE "bulk_jobs" ADD CONSTRAINT "bulk_jobs_project_fkey" FOREIGN KEY ("workspace_id","project_id") REFERENCES "public"."projects"("workspace_id","id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "idempotency_keys" ADD CONSTRAINT "idempotency_keys_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "lanes" ADD CONSTRAINT "lanes_project_fkey" FOREIGN KEY ("workspace_id","project_id") REFERENCES "public"."projects"("workspace_id","id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "queues" ADD CONSTRAINT "queues_project_fkey" FOREIGN KEY ("workspace_id","project_id") REFERENCES "public"."projects"("workspace_id","id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "rate_limits" ADD CONSTRAINT "rate_limits_project_fkey" FOREIGN KEY ("workspace_id","project_id") REFERENCES "public"."projects"("workspace_id","id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "schedules" ADD CONSTRAINT "schedules_project_fkey" FOREIGN KEY ("workspace_id","project_id") REFERENCES "public"."projects"("workspace_id","id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "task_dependencies" ADD CONSTRAINT "task_dependencies_task_id_tasks_id_fk" FOREIGN KEY ("task_id") REFERENCES "public"."tasks"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "task_dependencies" ADD CONSTRAINT "task_dependencies_depends_on_id_tasks_id_fk" FOREIGN KEY ("depends_on_id") REFERENCES "public"."tasks"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "task_follow_ups" ADD CONSTRAINT "task_follow_ups_task_id_tasks_id_fk" FOREIGN KEY ("task_id") REFERENCES "public"."tasks"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "workflows" ADD CONSTRAINT "workflows_project_fkey" FOREIGN KEY ("workspace_id","project_id") REFERENCES "public"."projects"("workspace_id","id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
CREATE INDEX "bulk_job_targets_outcome_index" ON "bulk_job_targets" USING btree ("job_id","outcome","number");
--> statement-breakpoint
CREATE INDEX "bulk_jobs_project_id_created_at_index" ON "bulk_jobs" USING btree ("project_id","created_at","id");
--> statement-breakpoint
CREATE INDEX "bulk_jobs_open_index" ON "bulk_jobs" USING btree ("id") WHERE finished_at is null;
--> statement-breakpoint
CREATE INDEX "idempotency_keys_expires_at_index" ON "idempotency_keys" USING btree ("expires_at") WHERE expires_at is not null;
--> statement-breakpoint
CREATE INDEX "lanes_capability_index" ON "lanes" USING btree ("project_id","capability") WHERE target_agent_id is null;
--> statement-breakpoint
CREATE INDEX "lanes_target_agent_id_index" ON "lanes" USING btree ("target_agent_id") WHERE target_agent_id is not null;
--> statement-breakpoint
CREATE UNIQUE INDEX "schedules_project_id_name_key" ON "schedules" USING btree ("project_id","name") WHERE deleted_at is null;
--> statement-breakpoint
CREATE INDEX "schedules_next_run_at_index" ON "schedules" USING btree ("next_run_at") WHERE next_run_at is not null;
--> statement-breakpoint
CREATE INDEX "task_dependencies_depends_on_id_index" ON "task_dependencies" USING btree ("depends_on_id","task_id");
--> statement-breakpoint
CREATE UNIQUE INDEX "workflows_project_id_idempotency_key_key" ON "workflows" USING btree ("project_id","idempotency_key") WHERE idempotency_key is not null;
--> statement-breakpoint
CREATE INDEX "workflows_project_id_created_at_index" ON "workflows" USING btree ("project_id","created_at","id");
--> statement-breakpoint
CREATE INDEX "workflows_project_id_state_created_at_index" ON "workflows" USING btree ("project_id","state","created_at","id");
--> statement-breakpoint
ALTER TABLE "tasks" ADD CONSTRAINT "tasks_lane_fkey" FOREIGN KEY ("workspace_id","project_id","lane_id") REFERENCES "public"."lanes"("workspace_id","project_id","id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
CREATE UNIQUE INDEX "tasks_concurrency_slot_key" ON "tasks" USING btree ("project_id","concurrency_key","concurrency_slot") WHERE concurrency_key is not null and state in ('ASSIGNED', 'RUNNING', 'CANCELLING');
--> statement-breakpoint
CREATE INDEX "tasks_lane_index" ON "tasks" USING btree ("lane_id","priority" DESC NULLS LAST,"run_at","id") WHERE state = 'QUEUED' and parked_for is null;
--> statement-breakpoint
CREATE INDEX "tasks_parked_until_index" ON "tasks" USING btree ("parked_until") WHERE state = 'QUEUED' and parked_for in ('TIME', 'RATE_LIMIT');
--> statement-breakpoint
CREATE INDEX "tasks_parked_key_index" ON "tasks" USING btree ("project_id","concurrency_key","lane_id","priority" DESC NULLS LAST,"run_at","id") WHERE state = 'QUEUED' and parked_for = 'CONCURRENCY_KEY';
--> statement-breakpoint
CREATE INDEX "tasks_lane_parked_index" ON "tasks" USING btree ("lane_id","parked_for","id") WHERE state = 'QUEUED' and parked_for is not null;
--> statement-breakpoint
CREATE INDEX "tasks_parked_rate_index" ON "tasks" USING btree ("project_id","rate_limit_key","parked_until") WHERE state = 'QUEUED' and parked_for = 'RATE_LIMIT';
--> statement-breakpoint
CREATE INDEX "tasks_result_expires_at_index" ON "tasks" USING btree ("result_expires_at") WHERE result_expires_at is not null;
--> statement-breakpoint
CREATE INDEX "tasks_workflow_id_index" ON "tasks" USING btree ("workflow_id","id") WHERE workflow_id is not null;
--> statement-breakpoint
CREATE INDEX "tasks_replay_of_index" ON "tasks" USING btree ("replay_of","created_at","id") WHERE replay_of is not null;
--> statement-breakpoint
CREATE INDEX "tasks_schedule_id_index" ON "tasks" USING btree ("schedule_id","created_at","id") WHERE schedule_id is not null;
--> statement-breakpoint
CREATE INDEX "tasks_held_index" ON "tasks" USING btree ("workspace_id","project_id","agent_id","id") WHERE state in ('ASSIGNED', 'RUNNING', 'CANCELLING');
--> statement-breakpoint
CREATE INDEX "tasks_project_id_run_at_index" ON "tasks" USING btree ("project_id","run_at","id") WHERE state in ('WAITING', 'QUEUED');
--> statement-breakpoint
CREATE INDEX "tasks_project_id_priority_index" ON "tasks" USING btree ("project_id","priority","id") WHERE state in ('WAITING', 'QUEUED');
--> statement-breakpoint
CREATE INDEX "tasks_project_id_finished_at_index" ON "tasks" USING btree ("project_id","finished_at","id") WHERE finished_at is not null;
--> statement-breakpoint
CREATE INDEX "tasks_agent_id_created_at_index" ON "tasks" USING btree ("agent_id","created_at","id") WHERE agent_id is not null;
--> statement-breakpoint
CREATE INDEX "tasks_target_agent_id_created_at_index" ON "tasks" USING btree ("target_agent_id","created_at","id") WHERE target_agent_id is not null;
--> statement-breakpoint
ALTER TABLE "tasks" ADD CONSTRAINT "tasks_parked_for_check" CHECK ("tasks"."parked_for" in ('TIME', 'CONCURRENCY_KEY', 'RATE_LIMIT'));
--> statement-breakpoint
ALTER TABLE "tasks" ADD CONSTRAINT "tasks_dependency_condition_check" CHECK ("tasks"."dependency_condition" in ('ALL_SUCCEEDED', 'ANY_SUCCEEDED', 'ALL_ENDED'));
--> statement-breakpoint
ALTER TABLE "tasks" ADD CONSTRAINT "tasks_concurrency_limit_check" CHECK ("tasks"."concurrency_limit" between 1 and 10000);
--> statement-breakpoint
ALTER TABLE "workspaces" ADD CONSTRAINT "workspaces_max_running_tasks_check" CHECK ("workspaces"."max_running_tasks" between 1 and 10000000);
