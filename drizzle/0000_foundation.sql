CREATE SEQUENCE "public"."events_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1;--> statement-breakpoint
CREATE TABLE "agent_definition_versions" (
	"definition_id" uuid NOT NULL,
	"version" integer NOT NULL,
	"type" text NOT NULL,
	"capabilities" text[] NOT NULL,
	"config_schema" jsonb NOT NULL,
	"metadata" jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "agent_definition_versions_definition_id_version_pk" PRIMARY KEY("definition_id","version")
);
--> statement-breakpoint
CREATE TABLE "agent_definitions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"workspace_id" uuid,
	"slug" text NOT NULL,
	"name" text NOT NULL,
	"type" text NOT NULL,
	"description" text,
	"capabilities" text[] NOT NULL,
	"config_schema" jsonb NOT NULL,
	"metadata" jsonb NOT NULL,
	"enabled" boolean DEFAULT true NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "agent_heartbeats" (
	"agent_id" uuid PRIMARY KEY NOT NULL,
	"incarnation" integer NOT NULL,
	"sequence" bigint NOT NULL,
	"load" double precision,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "agents" (
	"id" uuid PRIMARY KEY NOT NULL,
	"workspace_id" uuid NOT NULL,
	"project_id" uuid NOT NULL,
	"definition_id" uuid NOT NULL,
	"definition_version" integer NOT NULL,
	"name" text NOT NULL,
	"state" text DEFAULT 'REGISTERED' NOT NULL,
	"state_since" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"incarnation" integer DEFAULT 0 NOT NULL,
	"capabilities" text[] NOT NULL,
	"labels" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"config" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"config_version" integer DEFAULT 1 NOT NULL,
	"max_concurrency" integer DEFAULT 1 NOT NULL,
	"process_concurrency" integer,
	"active_tasks" integer DEFAULT 0 NOT NULL,
	"pending_action" text,
	"pending_reason" text,
	"pending_since" timestamp with time zone,
	"pending_actor" jsonb,
	"last_error" text,
	"error_count" integer DEFAULT 0 NOT NULL,
	"missed_offers" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "agents_workspace_id_project_id_id_key" UNIQUE("workspace_id","project_id","id"),
	CONSTRAINT "agents_project_id_name_key" UNIQUE("project_id","name"),
	CONSTRAINT "agents_state_check" CHECK ("agents"."state" in ('REGISTERED', 'DEPLOYING', 'ONLINE', 'BUSY', 'IDLE', 'SUSPENDED', 'MAINTENANCE', 'UNRESPONSIVE', 'ERROR', 'OFFLINE', 'DECOMMISSIONED')),
	CONSTRAINT "agents_pending_action_check" CHECK ("agents"."pending_action" in ('START', 'RESTART', 'ACTIVATE', 'ASSIGN', 'RELEASE', 'REST', 'SUSPEND', 'RESUME', 'MAINTAIN', 'LOSE', 'RECOVER', 'FAIL', 'STOP', 'DECOMMISSION')),
	CONSTRAINT "agents_active_tasks_check" CHECK ("agents"."active_tasks" >= 0),
	CONSTRAINT "agents_process_concurrency_check" CHECK ("agents"."process_concurrency" between 1 and 1000),
	CONSTRAINT "agents_max_concurrency_check" CHECK ("agents"."max_concurrency" between 1 and 1000)
);
--> statement-breakpoint
CREATE TABLE "api_keys" (
	"id" uuid PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"name" text NOT NULL,
	"hash" text NOT NULL,
	"workspace_id" uuid,
	"project_id" uuid,
	"agent_id" uuid,
	"created_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"revoked_at" timestamp with time zone,
	CONSTRAINT "api_keys_kind_check" CHECK ("api_keys"."kind" in ('admin', 'agent'))
);
--> statement-breakpoint
CREATE TABLE "context_readers" (
	"context_id" uuid NOT NULL,
	"agent_id" uuid NOT NULL,
	"version" integer NOT NULL,
	"at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "context_readers_context_id_agent_id_pk" PRIMARY KEY("context_id","agent_id")
);
--> statement-breakpoint
CREATE TABLE "context_versions" (
	"context_id" uuid NOT NULL,
	"number" integer NOT NULL,
	"parent" integer,
	"rolled_back_to" integer,
	"held_since" timestamp with time zone,
	"message" text,
	"author" jsonb NOT NULL,
	"data" jsonb NOT NULL,
	"size_bytes" integer NOT NULL,
	"data_hash" text NOT NULL,
	"hash" text NOT NULL,
	"idempotency_key" text,
	"created_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "context_versions_context_id_number_pk" PRIMARY KEY("context_id","number")
);
--> statement-breakpoint
CREATE TABLE "contexts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"workspace_id" uuid NOT NULL,
	"project_id" uuid NOT NULL,
	"agent_id" uuid,
	"name" text NOT NULL,
	"current_version" integer DEFAULT 0 NOT NULL,
	"rollback_pointer" integer,
	"rollback_state" text,
	"rollback_version" integer,
	"rollback_since" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "contexts_workspace_id_project_id_id_key" UNIQUE("workspace_id","project_id","id"),
	CONSTRAINT "contexts_rollback_state_check" CHECK ("contexts"."rollback_state" in ('PENDING', 'SUCCEEDED', 'FAILED'))
);
--> statement-breakpoint
CREATE TABLE "event_watermarks" (
	"xid" "xid8" PRIMARY KEY NOT NULL,
	"id" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "events" (
	"xid" "xid8" DEFAULT pg_current_xact_id() NOT NULL,
	"id" bigint PRIMARY KEY DEFAULT nextval('events_id_seq') NOT NULL,
	"workspace_id" uuid,
	"project_id" uuid,
	"type" text NOT NULL,
	"subject_id" uuid NOT NULL,
	"subject_version" integer NOT NULL,
	"agent_id" uuid,
	"task_id" uuid,
	"context_id" uuid,
	"actor_kind" text NOT NULL,
	"actor_id" uuid,
	"actor_name" text NOT NULL,
	"reason" text,
	"correlation_id" text,
	"payload" jsonb NOT NULL,
	"at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "events_actor_kind_check" CHECK ("events"."actor_kind" in ('USER', 'AGENT', 'API_KEY', 'SYSTEM'))
) PARTITION BY RANGE ("id");
--> statement-breakpoint
CREATE TABLE "installation" (
	"only" boolean PRIMARY KEY DEFAULT true NOT NULL,
	"epoch" bigint DEFAULT 1 NOT NULL,
	"created_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "installation_only_check" CHECK ("installation"."only")
);
--> statement-breakpoint
CREATE TABLE "projects" (
	"id" uuid PRIMARY KEY NOT NULL,
	"workspace_id" uuid NOT NULL,
	"slug" text NOT NULL,
	"name" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "projects_workspace_id_id_key" UNIQUE("workspace_id","id"),
	CONSTRAINT "projects_workspace_id_slug_key" UNIQUE("workspace_id","slug")
);
--> statement-breakpoint
CREATE TABLE "rollback_confirmations" (
	"context_id" uuid NOT NULL,
	"version" integer NOT NULL,
	"agent_id" uuid NOT NULL,
	"state" text DEFAULT 'PENDING' NOT NULL,
	"error" text,
	"created_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"answered_at" timestamp with time zone,
	CONSTRAINT "rollback_confirmations_context_id_version_agent_id_pk" PRIMARY KEY("context_id","version","agent_id"),
	CONSTRAINT "rollback_confirmations_state_check" CHECK ("rollback_confirmations"."state" in ('PENDING', 'SUCCEEDED', 'FAILED'))
);
--> statement-breakpoint
CREATE TABLE "task_chunks" (
	"task_id" uuid NOT NULL,
	"attempt" integer NOT NULL,
	"number" bigint NOT NULL,
	"chunk" jsonb NOT NULL,
	"at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "task_chunks_task_id_attempt_number_pk" PRIMARY KEY("task_id","attempt","number")
);
--> statement-breakpoint
CREATE TABLE "tasks" (
	"id" uuid PRIMARY KEY NOT NULL,
	"workspace_id" uuid NOT NULL,
	"project_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"queue" text DEFAULT 'default' NOT NULL,
	"capability" text,
	"target_agent_id" uuid,
	"agent_id" uuid,
	"priority" integer DEFAULT 0 NOT NULL,
	"state" text DEFAULT 'QUEUED' NOT NULL,
	"state_since" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"attempt" integer DEFAULT 0 NOT NULL,
	"failures" integer DEFAULT 0 NOT NULL,
	"max_failures" integer DEFAULT 3 NOT NULL,
	"run_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"deadline" timestamp with time zone,
	"timeout_ms" integer,
	"timeout_at" timestamp with time zone,
	"lease_until" timestamp with time zone,
	"cancel_until" timestamp with time zone,
	"cancel_reason" text,
	"backoff_initial_ms" integer DEFAULT 1000 NOT NULL,
	"backoff_factor" double precision DEFAULT 2 NOT NULL,
	"backoff_max_ms" integer DEFAULT 300000 NOT NULL,
	"backoff_jitter" boolean DEFAULT true NOT NULL,
	"input" jsonb NOT NULL,
	"output" jsonb,
	"error" jsonb,
	"progress" double precision,
	"progress_message" text,
	"chunk_count" integer DEFAULT 0 NOT NULL,
	"idempotency_key" text,
	"concurrency_key" text,
	"replay_of" uuid,
	"created_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"started_at" timestamp with time zone,
	"finished_at" timestamp with time zone,
	CONSTRAINT "tasks_workspace_id_project_id_id_key" UNIQUE("workspace_id","project_id","id"),
	CONSTRAINT "tasks_state_check" CHECK ("tasks"."state" in ('WAITING', 'QUEUED', 'ASSIGNED', 'RUNNING', 'CANCELLING', 'SUCCEEDED', 'FAILED', 'CANCELLED', 'EXPIRED')),
	CONSTRAINT "tasks_attempt_check" CHECK ("tasks"."attempt" >= 0 and "tasks"."failures" >= 0)
);
--> statement-breakpoint
CREATE TABLE "workspaces" (
	"id" uuid PRIMARY KEY NOT NULL,
	"slug" text NOT NULL,
	"name" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "workspaces_slug_unique" UNIQUE("slug")
);
--> statement-breakpoint
ALTER TABLE "agent_definition_versions" ADD CONSTRAINT "agent_definition_versions_definition_id_agent_definitions_id_fk" FOREIGN KEY ("definition_id") REFERENCES "public"."agent_definitions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "agent_definitions" ADD CONSTRAINT "agent_definitions_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "agent_heartbeats" ADD CONSTRAINT "agent_heartbeats_agent_id_agents_id_fk" FOREIGN KEY ("agent_id") REFERENCES "public"."agents"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "agents" ADD CONSTRAINT "agents_project_fkey" FOREIGN KEY ("workspace_id","project_id") REFERENCES "public"."projects"("workspace_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "agents" ADD CONSTRAINT "agents_definition_version_fkey" FOREIGN KEY ("definition_id","definition_version") REFERENCES "public"."agent_definition_versions"("definition_id","version") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_agent_fkey" FOREIGN KEY ("workspace_id","project_id","agent_id") REFERENCES "public"."agents"("workspace_id","project_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "context_readers" ADD CONSTRAINT "context_readers_context_id_contexts_id_fk" FOREIGN KEY ("context_id") REFERENCES "public"."contexts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "context_readers" ADD CONSTRAINT "context_readers_agent_id_agents_id_fk" FOREIGN KEY ("agent_id") REFERENCES "public"."agents"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "context_versions" ADD CONSTRAINT "context_versions_context_id_contexts_id_fk" FOREIGN KEY ("context_id") REFERENCES "public"."contexts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "contexts" ADD CONSTRAINT "contexts_project_fkey" FOREIGN KEY ("workspace_id","project_id") REFERENCES "public"."projects"("workspace_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "contexts" ADD CONSTRAINT "contexts_agent_fkey" FOREIGN KEY ("workspace_id","project_id","agent_id") REFERENCES "public"."agents"("workspace_id","project_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "projects" ADD CONSTRAINT "projects_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rollback_confirmations" ADD CONSTRAINT "rollback_confirmations_agent_id_agents_id_fk" FOREIGN KEY ("agent_id") REFERENCES "public"."agents"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rollback_confirmations" ADD CONSTRAINT "rollback_confirmations_version_fkey" FOREIGN KEY ("context_id","version") REFERENCES "public"."context_versions"("context_id","number") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "task_chunks" ADD CONSTRAINT "task_chunks_task_id_tasks_id_fk" FOREIGN KEY ("task_id") REFERENCES "public"."tasks"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tasks" ADD CONSTRAINT "tasks_project_fkey" FOREIGN KEY ("workspace_id","project_id") REFERENCES "public"."projects"("workspace_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tasks" ADD CONSTRAINT "tasks_agent_fkey" FOREIGN KEY ("workspace_id","project_id","agent_id") REFERENCES "public"."agents"("workspace_id","project_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tasks" ADD CONSTRAINT "tasks_target_agent_fkey" FOREIGN KEY ("workspace_id","project_id","target_agent_id") REFERENCES "public"."agents"("workspace_id","project_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tasks" ADD CONSTRAINT "tasks_replay_of_fkey" FOREIGN KEY ("workspace_id","project_id","replay_of") REFERENCES "public"."tasks"("workspace_id","project_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "agent_definitions_workspace_id_slug_key" ON "agent_definitions" USING btree ("workspace_id","slug") WHERE workspace_id is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "agent_definitions_shared_slug_key" ON "agent_definitions" USING btree ("slug") WHERE workspace_id is null;--> statement-breakpoint
CREATE INDEX "agent_definitions_slug_id_index" ON "agent_definitions" USING btree ("slug","id");--> statement-breakpoint
CREATE INDEX "agents_project_id_state_index" ON "agents" USING btree ("project_id","state","id");--> statement-breakpoint
CREATE INDEX "agents_project_id_name_id_index" ON "agents" USING btree ("project_id","name","id");--> statement-breakpoint
CREATE INDEX "agents_project_id_state_since_index" ON "agents" USING btree ("project_id","state_since","id");--> statement-breakpoint
CREATE INDEX "agents_project_id_created_at_index" ON "agents" USING btree ("project_id","created_at","id");--> statement-breakpoint
CREATE INDEX "agents_definition_id_index" ON "agents" USING btree ("definition_id","id");--> statement-breakpoint
CREATE INDEX "agents_capabilities_index" ON "agents" USING gin ("capabilities");--> statement-breakpoint
CREATE INDEX "agents_labels_index" ON "agents" USING gin ("labels");--> statement-breakpoint
CREATE INDEX "agents_deploying_index" ON "agents" USING btree ("state_since") WHERE state = 'DEPLOYING';--> statement-breakpoint
CREATE INDEX "agents_working_index" ON "agents" USING btree ("id") WHERE state in ('ONLINE', 'IDLE', 'BUSY', 'UNRESPONSIVE');--> statement-breakpoint
CREATE INDEX "api_keys_agent_id_index" ON "api_keys" USING btree ("agent_id") WHERE revoked_at is null;--> statement-breakpoint
CREATE INDEX "context_readers_agent_id_index" ON "context_readers" USING btree ("agent_id","context_id");--> statement-breakpoint
CREATE UNIQUE INDEX "context_versions_idempotency_key_key" ON "context_versions" USING btree ("context_id","idempotency_key") WHERE idempotency_key is not null;--> statement-breakpoint
CREATE INDEX "context_versions_held_index" ON "context_versions" USING btree ("context_id","data_hash") WHERE held_since is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "contexts_agent_id_name_key" ON "contexts" USING btree ("agent_id","name") WHERE agent_id is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "contexts_project_id_name_key" ON "contexts" USING btree ("project_id","name") WHERE agent_id is null;--> statement-breakpoint
CREATE INDEX "contexts_project_id_name_index" ON "contexts" USING btree ("project_id","name","id");--> statement-breakpoint
CREATE INDEX "contexts_pending_index" ON "contexts" USING btree ("rollback_since") WHERE rollback_state = 'PENDING';--> statement-breakpoint
CREATE INDEX "events_xid_id_index" ON "events" USING btree ("xid","id");--> statement-breakpoint
CREATE INDEX "events_project_id_id_index" ON "events" USING btree ("project_id","id");--> statement-breakpoint
CREATE INDEX "events_agent_id_id_index" ON "events" USING btree ("agent_id","id") WHERE agent_id is not null;--> statement-breakpoint
CREATE INDEX "events_task_id_id_index" ON "events" USING btree ("task_id","id") WHERE task_id is not null;--> statement-breakpoint
CREATE INDEX "events_context_id_id_index" ON "events" USING btree ("context_id","id") WHERE context_id is not null;--> statement-breakpoint
CREATE INDEX "events_agent_requests_index" ON "events" USING btree ("agent_id","id") WHERE type in ('agent.connected', 'agent.drain_requested', 'agent.drain_cancelled', 'agent.transitioned') and coalesce(payload ->> 'action', '') not in ('ASSIGN', 'RELEASE');--> statement-breakpoint
CREATE INDEX "rollback_confirmations_pending_index" ON "rollback_confirmations" USING btree ("agent_id","context_id") WHERE state = 'PENDING';--> statement-breakpoint
CREATE UNIQUE INDEX "tasks_idempotency_key_key" ON "tasks" USING btree ("project_id","idempotency_key") WHERE idempotency_key is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "tasks_running_concurrency_key_key" ON "tasks" USING btree ("project_id","concurrency_key") WHERE concurrency_key is not null and state in ('ASSIGNED', 'RUNNING', 'CANCELLING');--> statement-breakpoint
CREATE INDEX "tasks_ready_capability_index" ON "tasks" USING btree ("project_id","capability","priority" DESC NULLS LAST,"run_at","id") WHERE state = 'QUEUED' and capability is not null and target_agent_id is null;--> statement-breakpoint
CREATE INDEX "tasks_ready_agent_index" ON "tasks" USING btree ("target_agent_id","priority" DESC NULLS LAST,"run_at","id") WHERE state = 'QUEUED' and target_agent_id is not null;--> statement-breakpoint
CREATE INDEX "tasks_held_index" ON "tasks" USING btree ("agent_id","id") WHERE state in ('ASSIGNED', 'RUNNING', 'CANCELLING');--> statement-breakpoint
CREATE INDEX "tasks_lease_until_index" ON "tasks" USING btree ("lease_until") WHERE state in ('ASSIGNED', 'RUNNING', 'CANCELLING');--> statement-breakpoint
CREATE INDEX "tasks_timeout_at_index" ON "tasks" USING btree ("timeout_at") WHERE timeout_at is not null and state = 'RUNNING';--> statement-breakpoint
CREATE INDEX "tasks_cancel_until_index" ON "tasks" USING btree ("cancel_until") WHERE state = 'CANCELLING';--> statement-breakpoint
CREATE INDEX "tasks_deadline_index" ON "tasks" USING btree ("deadline") WHERE deadline is not null and state in ('WAITING', 'QUEUED', 'ASSIGNED');--> statement-breakpoint
CREATE INDEX "tasks_project_id_created_at_index" ON "tasks" USING btree ("project_id","created_at","id");--> statement-breakpoint
CREATE INDEX "tasks_project_id_run_at_index" ON "tasks" USING btree ("project_id","run_at","id");--> statement-breakpoint
CREATE INDEX "tasks_project_id_priority_index" ON "tasks" USING btree ("project_id","priority","id");--> statement-breakpoint
CREATE INDEX "tasks_project_id_finished_at_index" ON "tasks" USING btree ("project_id",coalesce(finished_at, 'infinity'),"id");--> statement-breakpoint
CREATE INDEX "tasks_project_id_state_created_at_index" ON "tasks" USING btree ("project_id","state","created_at","id");--> statement-breakpoint
CREATE INDEX "tasks_agent_id_created_at_index" ON "tasks" USING btree ("agent_id","created_at","id");--> statement-breakpoint
CREATE INDEX "tasks_target_agent_id_created_at_index" ON "tasks" USING btree ("target_agent_id","created_at","id");--> statement-breakpoint
ALTER SEQUENCE "events_id_seq" OWNED BY "events"."id";
--> statement-breakpoint
-- Makes sure that there are partitions for the next `ahead` ranges of event ids, and returns how many it added.
-- Partitions are named after their first id. Safe to call from any number of sessions at once.
CREATE FUNCTION "create_event_partitions"("ahead" integer, "size" bigint) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  newest bigint;
  until_id bigint;
  added integer := 0;
BEGIN
  SELECT coalesce(max((regexp_match(pg_get_expr(c.relpartbound, c.oid), 'TO \(''(\d+)''\)'))[1]::bigint), 0)
    INTO newest FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = 'events'::regclass;
  SELECT last_value + ahead * size INTO until_id FROM events_id_seq;
  IF newest >= until_id THEN RETURN 0; END IF;
  PERFORM pg_advisory_xact_lock(hashtext('create_event_partitions'));
  SELECT coalesce(max((regexp_match(pg_get_expr(c.relpartbound, c.oid), 'TO \(''(\d+)''\)'))[1]::bigint), 0)
    INTO newest FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = 'events'::regclass;
  WHILE newest < until_id LOOP
    -- Not CREATE … PARTITION OF: that takes an exclusive lock on events, and all appends would queue behind one open transaction.
    EXECUTE format('CREATE TABLE events_%s (LIKE events INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', newest);
    EXECUTE format('ALTER TABLE events ATTACH PARTITION events_%s FOR VALUES FROM (%s) TO (%s)', newest, newest, newest + size);
    newest := newest + size;
    added := added + 1;
  END LOOP;
  RETURN added;
END $$;
--> statement-breakpoint
SELECT "create_event_partitions"(2, 5000000);
--> statement-breakpoint
INSERT INTO "installation" DEFAULT VALUES;
