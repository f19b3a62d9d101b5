-- Row-level security: the second line behind the reach that every statement carries itself. Statements in the name of someone
-- with a limited reach run as muster_tenant, which owns nothing, and say in two settings how far they reach, as arrays of ids:
-- muster.workspaces for what belongs to whole workspaces ('all' for all), muster.reach for what is in projects: these, or without
-- a limit to projects the workspaces. Without these settings nothing is to be seen. The owner of the tables, as who everything else
-- runs, is not held by policies. Policies are for every other role, so that they do not depend on one that a managed database may
-- refuse to create.
CREATE FUNCTION "muster_all_workspaces"() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT coalesce(current_setting('muster.workspaces', true) = 'all', false)
$$;--> statement-breakpoint
CREATE FUNCTION "muster_workspaces"() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN current_setting('muster.workspaces', true) LIKE '{%' THEN current_setting('muster.workspaces', true)::uuid[] END
$$;--> statement-breakpoint
CREATE FUNCTION "muster_reach"() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN current_setting('muster.reach', true) LIKE '{%' THEN current_setting('muster.reach', true)::uuid[] END
$$;--> statement-breakpoint
-- Whether there is such a row, beyond the reach: what a row that names it must not be written for. It sees past the policies, and
-- so only what was there before the statement: what a statement inserts with its parent is held by the parent's own policy.
DO $$
DECLARE
  name text;
  condition text;
BEGIN
  FOR name, condition IN VALUES
    ('agent_definitions', 'public.muster_all_workspaces() OR r.workspace_id = ANY (public.muster_workspaces())'),
    ('projects', 'public.muster_reach() && ARRAY[r.workspace_id, r.id]'),
    ('agents', NULL), ('bulk_jobs', NULL), ('contexts', NULL), ('tasks', NULL), ('webhooks', NULL)
  LOOP
    EXECUTE format($function$
      CREATE FUNCTION muster_is_foreign_in_%1$s(uuid) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER AS $body$
        SELECT EXISTS (SELECT FROM public.%1$I r WHERE r.id = $1 AND NOT coalesce(%2$s, false))
      $body$ $function$,
      name, coalesce(condition, 'public.muster_reach() && ARRAY[r.workspace_id, r.project_id]'));
  END LOOP;
END $$;--> statement-breakpoint
DO $$
DECLARE
  -- One subquery each, which is evaluated once in a statement and not for each row. What the planner knows about them is only that
  -- they hold or not (coalesce): a guess of how many rows they leave would lead it away from the indexes that lists are read by.
  in_workspace CONSTANT text := 'coalesce((SELECT muster_all_workspaces()) OR workspace_id = ANY ((SELECT muster_workspaces())::uuid[]), false)';
  in_project CONSTANT text := 'coalesce((SELECT muster_reach()) && ARRAY[workspace_id, project_id], false)';
  name text;
  parent text;
  foreign_key text;
BEGIN
  FOR name IN SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
  END LOOP;
  FOREACH name IN ARRAY ARRAY['agents', 'api_keys', 'bulk_jobs', 'contexts', 'events', 'lanes', 'queues', 'rate_limits', 'saved_views',
    'schedules', 'tasks', 'webhooks', 'workflows']
  LOOP
    EXECUTE format('CREATE POLICY tenant ON %I USING (%s)', name, in_project);
  END LOOP;
  EXECUTE format('CREATE POLICY tenant ON workspaces USING (%s)', replace(in_workspace, 'workspace_id', 'id'));
  EXECUTE format('CREATE POLICY tenant ON workspace_storage USING (%s)', in_workspace);
  EXECUTE format('CREATE POLICY tenant ON projects USING (%s)', replace(in_project, 'project_id', 'id'));
  -- Definitions without a workspace are shared: everybody sees them.
  EXECUTE format('CREATE POLICY tenant ON agent_definitions USING (%s)', in_workspace);
  CREATE POLICY tenant_shared ON agent_definitions FOR SELECT USING (workspace_id IS NULL);
  -- What has neither workspace nor project is where its parent is: the subquery is held by the parent's own policy.
  FOR name, foreign_key, parent IN VALUES
    ('agent_bundle_heads', 'agent_id', 'agents'),
    ('agent_bundles', 'agent_id', 'agents'),
    ('agent_definition_versions', 'definition_id', 'agent_definitions'),
    ('agent_heartbeats', 'agent_id', 'agents'),
    ('bulk_job_targets', 'job_id', 'bulk_jobs'),
    ('context_contents', 'context_id', 'contexts'),
    ('context_pins', 'context_id', 'contexts'),
    ('context_readers', 'context_id', 'contexts'),
    ('context_versions', 'context_id', 'contexts'),
    ('idempotency_keys', 'project_id', 'projects'),
    ('rollback_confirmations', 'context_id', 'contexts'),
    ('task_chunks', 'task_id', 'tasks'),
    ('task_dependencies', 'task_id', 'tasks'),
    ('task_follow_ups', 'task_id', 'tasks'),
    ('webhook_deliveries', 'webhook_id', 'webhooks')
  LOOP
    EXECUTE format('CREATE POLICY tenant ON %1$I USING (EXISTS (SELECT FROM %3$I parent WHERE parent.id = %1$I.%2$I))
      WITH CHECK (NOT muster_is_foreign_in_%3$s(%2$I))', name, foreign_key, parent);
  END LOOP;
  -- Counters of a workspace's quotas stand among those of sign-ins.
  EXECUTE format('CREATE POLICY tenant ON attempt_limits USING (CASE WHEN key LIKE ''tasks %%'' THEN %s END)',
    replace(in_workspace, 'workspace_id', 'substr(key, 7)::uuid'));
  -- Of the installation: which log it is and until when events have been removed, nothing of anybody.
  CREATE POLICY tenant_reads ON installation FOR SELECT USING (true);
  CREATE POLICY tenant_reads ON event_watermarks FOR SELECT USING (true);
END $$;--> statement-breakpoint
-- Gives the role what it needs: the tables that have a policy for it. To be called again whenever a migration adds one.
CREATE FUNCTION "muster_grant_tenant"() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  name text;
BEGIN
  EXECUTE 'GRANT USAGE ON SCHEMA public TO muster_tenant';
  FOR name IN SELECT DISTINCT p.tablename FROM pg_policies p WHERE p.schemaname = 'public' AND p.policyname = 'tenant'
  LOOP
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO muster_tenant', name);
  END LOOP;
  EXECUTE 'GRANT SELECT ON installation, event_watermarks TO muster_tenant';
  EXECUTE 'GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO muster_tenant';
END $$;
