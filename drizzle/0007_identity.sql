CREATE TABLE "attempt_limits" (
	"key" text PRIMARY KEY NOT NULL,
	"count" integer NOT NULL,
	"ends_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "audit_blocks" (
	"chain_id" uuid NOT NULL,
	"number" bigint NOT NULL,
	"first_position" bigint NOT NULL,
	"size" integer NOT NULL,
	"event_ids" bigint[] NOT NULL,
	"hashes" "bytea" NOT NULL,
	"previous_hash" "bytea" NOT NULL,
	"sealed_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "audit_blocks_chain_id_number_pk" PRIMARY KEY("chain_id","number"),
	CONSTRAINT "audit_blocks_size_check" CHECK ("audit_blocks"."size" > 0 and cardinality("audit_blocks"."event_ids") = "audit_blocks"."size" and length("audit_blocks"."hashes") = 32 * "audit_blocks"."size")
);
--> statement-breakpoint
CREATE TABLE "audit_checkpoints" (
	"chain_id" uuid NOT NULL,
	"position" bigint NOT NULL,
	"block_number" bigint NOT NULL,
	"last_event_id" bigint NOT NULL,
	"hash" "bytea" NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"signing_key_id" uuid NOT NULL,
	"signature" text NOT NULL,
	"removed_before" bigint,
	CONSTRAINT "audit_checkpoints_chain_id_position_pk" PRIMARY KEY("chain_id","position")
);
--> statement-breakpoint
CREATE TABLE "audit_sealer" (
	"only" boolean PRIMARY KEY DEFAULT true NOT NULL,
	"cursor" text,
	"holder" uuid,
	"lease_until" timestamp with time zone,
	"term" bigint DEFAULT 0 NOT NULL,
	CONSTRAINT "audit_sealer_only_check" CHECK ("audit_sealer"."only")
);
--> statement-breakpoint
CREATE TABLE "memberships" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"workspace_id" uuid,
	"project_id" uuid,
	"role" text NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "memberships_user_workspace_project_key" UNIQUE NULLS NOT DISTINCT("user_id","workspace_id","project_id"),
	CONSTRAINT "memberships_project_check" CHECK ("memberships"."project_id" is null or "memberships"."workspace_id" is not null),
	CONSTRAINT "memberships_role_check" CHECK ("memberships"."role" in ('VIEWER', 'OPERATOR', 'DEVELOPER', 'ADMIN'))
);
--> statement-breakpoint
CREATE TABLE "persisted_operations" (
	"hash" text PRIMARY KEY NOT NULL,
	"text" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "recovery_codes" (
	"user_id" uuid NOT NULL,
	"hash" text NOT NULL,
	"used_at" timestamp with time zone,
	CONSTRAINT "recovery_codes_user_id_hash_pk" PRIMARY KEY("user_id","hash")
);
--> statement-breakpoint
CREATE TABLE "signing_keys" (
	"id" uuid PRIMARY KEY NOT NULL,
	"purpose" text NOT NULL,
	"public_key" jsonb NOT NULL,
	"private_key" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"retired_at" timestamp with time zone,
	"expires_at" timestamp with time zone,
	CONSTRAINT "signing_keys_purpose_check" CHECK ("signing_keys"."purpose" in ('TOKEN', 'AUDIT'))
);
--> statement-breakpoint
CREATE TABLE "user_identities" (
	"issuer" text NOT NULL,
	"subject" text NOT NULL,
	"user_id" uuid NOT NULL,
	"email" text,
	"created_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "user_identities_issuer_subject_pk" PRIMARY KEY("issuer","subject")
);
--> statement-breakpoint
CREATE TABLE "users" (
	"id" uuid PRIMARY KEY NOT NULL,
	"email" text,
	"name" text NOT NULL,
	"password_hash" text,
	"totp_secret" text,
	"totp_enabled_at" timestamp with time zone,
	"totp_last_step" bigint,
	"disabled_at" timestamp with time zone,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"last_signed_in_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "workspace_storage" (
	"workspace_id" uuid PRIMARY KEY NOT NULL,
	"bytes" bigint NOT NULL,
	"measured_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "api_keys" DROP CONSTRAINT "api_keys_kind_check";--> statement-breakpoint
ALTER TABLE "sessions" ALTER COLUMN "api_key_id" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "sign_in_links" ALTER COLUMN "api_key_id" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "api_keys" ADD COLUMN "role" text;--> statement-breakpoint
ALTER TABLE "api_keys" ADD COLUMN "permissions" text[];--> statement-breakpoint
ALTER TABLE "api_keys" ADD COLUMN "creator_kind" text;--> statement-breakpoint
ALTER TABLE "api_keys" ADD COLUMN "creator_id" uuid;--> statement-breakpoint
ALTER TABLE "api_keys" ADD COLUMN "creator_name" text;--> statement-breakpoint
ALTER TABLE "api_keys" ADD COLUMN "expires_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "api_keys" ADD COLUMN "last_used_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "api_keys" ADD COLUMN "replaced_by_id" uuid;--> statement-breakpoint
ALTER TABLE "api_keys" ADD COLUMN "version" integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE "events" ADD COLUMN "credential_id" uuid;--> statement-breakpoint
ALTER TABLE "events" ADD COLUMN "address" "inet";--> statement-breakpoint
ALTER TABLE "sessions" ADD COLUMN "id" uuid DEFAULT gen_random_uuid() NOT NULL;--> statement-breakpoint
ALTER TABLE "sessions" ADD COLUMN "user_id" uuid;--> statement-breakpoint
ALTER TABLE "sessions" ADD COLUMN "address" "inet";--> statement-breakpoint
ALTER TABLE "sessions" ADD COLUMN "user_agent" text;--> statement-breakpoint
ALTER TABLE "sessions" ADD COLUMN "last_used_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "sign_in_links" ADD COLUMN "user_id" uuid;--> statement-breakpoint
ALTER TABLE "sign_in_links" ADD COLUMN "creator_id" uuid;--> statement-breakpoint
ALTER TABLE "sign_in_links" ADD COLUMN "purpose" text DEFAULT 'SIGN_IN' NOT NULL;--> statement-breakpoint
ALTER TABLE "workspaces" ADD COLUMN "max_agents" integer;--> statement-breakpoint
ALTER TABLE "workspaces" ADD COLUMN "max_running_agents" integer;--> statement-breakpoint
ALTER TABLE "workspaces" ADD COLUMN "max_tasks_per_minute" integer;--> statement-breakpoint
ALTER TABLE "workspaces" ADD COLUMN "max_contexts" integer;--> statement-breakpoint
ALTER TABLE "workspaces" ADD COLUMN "max_storage_bytes" bigint;--> statement-breakpoint
ALTER TABLE "audit_checkpoints" ADD CONSTRAINT "audit_checkpoints_signing_key_id_signing_keys_id_fk" FOREIGN KEY ("signing_key_id") REFERENCES "public"."signing_keys"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "memberships" ADD CONSTRAINT "memberships_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "memberships" ADD CONSTRAINT "memberships_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "memberships" ADD CONSTRAINT "memberships_project_fkey" FOREIGN KEY ("workspace_id","project_id") REFERENCES "public"."projects"("workspace_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "recovery_codes" ADD CONSTRAINT "recovery_codes_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "user_identities" ADD CONSTRAINT "user_identities_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "workspace_storage" ADD CONSTRAINT "workspace_storage_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "attempt_limits_ends_at_index" ON "attempt_limits" USING btree ("ends_at");--> statement-breakpoint
CREATE INDEX "memberships_workspace_id_index" ON "memberships" USING btree ("workspace_id","id");--> statement-breakpoint
CREATE INDEX "signing_keys_purpose_created_at_index" ON "signing_keys" USING btree ("purpose","created_at");--> statement-breakpoint
CREATE INDEX "user_identities_user_id_index" ON "user_identities" USING btree ("user_id");--> statement-breakpoint
CREATE UNIQUE INDEX "users_email_key" ON "users" USING btree (lower("email"));--> statement-breakpoint
CREATE INDEX "users_name_id_index" ON "users" USING btree ("name","id");--> statement-breakpoint
CREATE INDEX "workspace_storage_measured_at_index" ON "workspace_storage" USING btree ("measured_at");--> statement-breakpoint
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_replaced_by_id_api_keys_id_fk" FOREIGN KEY ("replaced_by_id") REFERENCES "public"."api_keys"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_project_fkey" FOREIGN KEY ("workspace_id","project_id") REFERENCES "public"."projects"("workspace_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sign_in_links" ADD CONSTRAINT "sign_in_links_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "api_keys_workspace_id_kind_id_index" ON "api_keys" USING btree ("workspace_id","kind","id");--> statement-breakpoint
CREATE INDEX "api_keys_project_id_kind_id_index" ON "api_keys" USING btree ("project_id","kind","id");--> statement-breakpoint
CREATE INDEX "events_workspace_id_id_index" ON "events" USING btree ("workspace_id","id") WHERE project_id is null;--> statement-breakpoint
CREATE UNIQUE INDEX "sessions_id_key" ON "sessions" USING btree ("id");--> statement-breakpoint
CREATE INDEX "sessions_user_id_index" ON "sessions" USING btree ("user_id","id") WHERE ended_at is null;--> statement-breakpoint
CREATE INDEX "sessions_api_key_id_index" ON "sessions" USING btree ("api_key_id","id") WHERE ended_at is null;--> statement-breakpoint
CREATE INDEX "sign_in_links_user_id_index" ON "sign_in_links" USING btree ("user_id") WHERE used_at is null;--> statement-breakpoint
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_project_check" CHECK ("api_keys"."project_id" is null or "api_keys"."workspace_id" is not null);--> statement-breakpoint
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_role_check" CHECK (("api_keys"."kind" = 'program') = ("api_keys"."role" is not null));--> statement-breakpoint
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_kind_check" CHECK ("api_keys"."kind" in ('admin', 'agent', 'program'));--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_holder_check" CHECK (("sessions"."api_key_id" is null) <> ("sessions"."user_id" is null));--> statement-breakpoint
ALTER TABLE "sign_in_links" ADD CONSTRAINT "sign_in_links_holder_check" CHECK (("sign_in_links"."api_key_id" is null) <> ("sign_in_links"."user_id" is null));--> statement-breakpoint
ALTER TABLE "sign_in_links" ADD CONSTRAINT "sign_in_links_purpose_check" CHECK ("sign_in_links"."purpose" in ('SIGN_IN', 'INVITATION', 'PASSWORD_RESET'));--> statement-breakpoint
ALTER TABLE "workspaces" ADD CONSTRAINT "workspaces_max_agents_check" CHECK ("workspaces"."max_agents" between 1 and 10000000);--> statement-breakpoint
ALTER TABLE "workspaces" ADD CONSTRAINT "workspaces_max_running_agents_check" CHECK ("workspaces"."max_running_agents" between 1 and 10000000);--> statement-breakpoint
ALTER TABLE "workspaces" ADD CONSTRAINT "workspaces_max_tasks_per_minute_check" CHECK ("workspaces"."max_tasks_per_minute" between 1 and 100000000);--> statement-breakpoint
ALTER TABLE "workspaces" ADD CONSTRAINT "workspaces_max_contexts_check" CHECK ("workspaces"."max_contexts" between 1 and 100000000);--> statement-breakpoint
ALTER TABLE "workspaces" ADD CONSTRAINT "workspaces_max_storage_bytes_check" CHECK ("workspaces"."max_storage_bytes" > 0);--> statement-breakpoint
-- By hand
INSERT INTO "audit_sealer" DEFAULT VALUES;--> statement-breakpoint
-- What quotas count, of a whole workspace: also what lies beyond the reach of whoever uses it up, and so past the policies of 0008.
CREATE FUNCTION "muster_count_agents"(workspace uuid, states text[]) RETURNS integer
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT count(*)::integer FROM agents a WHERE a.workspace_id = workspace AND a.state = ANY (states)
$$;--> statement-breakpoint
CREATE FUNCTION "muster_count_contexts"(workspace uuid) RETURNS integer
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT count(*)::integer FROM contexts c WHERE c.workspace_id = workspace
$$;--> statement-breakpoint
CREATE FUNCTION "muster_stored_bytes"(workspace uuid) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT (SELECT coalesce(sum(octet_length(k.body)), 0) FROM contexts c JOIN context_contents k ON k.context_id = c.id
          WHERE c.workspace_id = workspace)::bigint
       + (SELECT coalesce(sum(octet_length(t.input::text) + coalesce(octet_length(t.output::text), 0)), 0)
          FROM projects p JOIN tasks t ON t.project_id = p.id WHERE p.workspace_id = workspace)::bigint
$$;
