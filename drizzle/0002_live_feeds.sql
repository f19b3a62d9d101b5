ALTER TABLE "events" ADD COLUMN "labels" jsonb;--> statement-breakpoint
ALTER TABLE "installation" ADD COLUMN "database" text;--> statement-breakpoint
ALTER TABLE "installation" ADD COLUMN "events_retained_from_id" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "installation" ADD COLUMN "events_retained_since" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "workspaces" ADD COLUMN "version" integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE "workspaces" ADD COLUMN "event_retention_days" integer;--> statement-breakpoint
ALTER TABLE "workspaces" ADD COLUMN "events_retained_from_id" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "workspaces" ADD COLUMN "events_retained_since" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "workspaces" ADD CONSTRAINT "workspaces_event_retention_days_check" CHECK ("workspaces"."event_retention_days" between 1 and 36500);