CREATE TABLE "saved_views" (
	"id" uuid PRIMARY KEY NOT NULL,
	"workspace_id" uuid NOT NULL,
	"project_id" uuid NOT NULL,
	"screen" text NOT NULL,
	"name" text NOT NULL,
	"query" text NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"creator_kind" text NOT NULL,
	"creator_id" uuid,
	"creator_name" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "saved_views_project_id_screen_name_key" UNIQUE("project_id","screen","name"),
	CONSTRAINT "saved_views_screen_check" CHECK ("saved_views"."screen" in ('FLEET', 'TASKS', 'ACTIVITY')),
	CONSTRAINT "saved_views_creator_kind_check" CHECK ("saved_views"."creator_kind" in ('USER', 'AGENT', 'API_KEY', 'SYSTEM'))
);
--> statement-breakpoint
ALTER TABLE "bulk_jobs" DROP CONSTRAINT "bulk_jobs_kind_check";--> statement-breakpoint
DROP INDEX "tasks_project_id_finished_at_index";--> statement-breakpoint
ALTER TABLE "bulk_job_targets" ALTER COLUMN "task_id" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "bulk_job_targets" ADD COLUMN "agent_id" uuid;--> statement-breakpoint
ALTER TABLE "bulk_jobs" ADD COLUMN "action" text;--> statement-breakpoint
ALTER TABLE "bulk_jobs" ADD COLUMN "mode" text;--> statement-breakpoint
ALTER TABLE "projects" ADD COLUMN "version" integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE "saved_views" ADD CONSTRAINT "saved_views_project_fkey" FOREIGN KEY ("workspace_id","project_id") REFERENCES "public"."projects"("workspace_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "events_agent_transitions_index" ON "events" USING btree ("agent_id","id") WHERE type = 'agent.transitioned';--> statement-breakpoint
CREATE INDEX "tasks_project_id_finished_at_index" ON "tasks" USING btree ("project_id","finished_at","id","state","created_at","started_at") WHERE finished_at is not null;--> statement-breakpoint
ALTER TABLE "bulk_job_targets" ADD CONSTRAINT "bulk_job_targets_subject_check" CHECK (("bulk_job_targets"."task_id" is null) <> ("bulk_job_targets"."agent_id" is null));--> statement-breakpoint
ALTER TABLE "bulk_jobs" ADD CONSTRAINT "bulk_jobs_action_check" CHECK (("bulk_jobs"."kind" = 'TRANSITION') = ("bulk_jobs"."action" is not null and "bulk_jobs"."mode" is not null));--> statement-breakpoint
ALTER TABLE "bulk_jobs" ADD CONSTRAINT "bulk_jobs_kind_check" CHECK ("bulk_jobs"."kind" in ('CANCEL', 'RETRY', 'TRANSITION'));