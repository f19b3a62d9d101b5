ALTER TABLE "tasks" DROP CONSTRAINT "tasks_attempt_check";--> statement-breakpoint
ALTER TABLE "tasks" DROP CONSTRAINT "tasks_parked_for_check";--> statement-breakpoint
ALTER TABLE "tasks" DROP CONSTRAINT "tasks_dependency_condition_check";--> statement-breakpoint
ALTER TABLE "tasks" DROP CONSTRAINT "tasks_concurrency_limit_check";--> statement-breakpoint
ALTER TABLE "tasks" DROP CONSTRAINT "tasks_lane_fkey";
