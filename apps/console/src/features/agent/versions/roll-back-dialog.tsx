"use client";
import { type SyntheticEvent, useEffect, useState } from "react";
import { useMutation, useQuery } from "urql";
import { graphql } from "#api/generated/gql.ts";
import type { RollbackTasks } from "#api/generated/graphql.ts";
import { refusalOf } from "#api/refusal.ts";
import { Button } from "#components/button.tsx";
import { Dialog } from "#components/dialog.tsx";
import { Loading, Problem } from "#components/notice.tsx";
import { notify } from "#components/notify.ts";
import { TextArea } from "#components/text-area.tsx";
import { RollBackPreview } from "#features/agent/versions/roll-back-preview.tsx";
import { TasksChoice } from "#features/agent/versions/tasks-choice.tsx";
import type { ProjectRoute } from "#routes.ts";

const PreviewQuery = graphql(`
  query AgentRollbackPreview($id: ID!, $to: Int!, $newest: Int!) {
    node(id: $id) {
      __typename
      id
      ... on Agent {
        name
        rollbackPreview(toBundle: $to) {
          changed
          refusal
          restarts
          runningTasks {
            id
          }
          ...AgentRollbackPreview
        }
        before: bundleAt(number: $newest) {
          number
          config
        }
        after: bundleAt(number: $to) {
          number
          config
        }
      }
    }
  }
`);

const RollBack = graphql(`
  mutation RollBackAgent($input: RollBackAgentInput!) {
    rollBackAgent(input: $input) {
      __typename
      ... on RollBackAgentSuccess {
        changed
        bundle
        data {
          ...LiveAgent
          ...AgentSettings
        }
      }
      ... on Error {
        code
        message
      }
    }
  }
`);

interface RollBackDialogProps {
  readonly project: ProjectRoute;
  readonly agent: string;
  readonly toBundle: number;
  readonly newest: number;
  readonly open: boolean;
  readonly onClose: () => void;
}

/** Shows what a rollback changes and what becomes of running tasks, asks why, and does it: from what is shown and no other. */
export function RollBackDialog({ project, agent, toBundle, newest, open, onClose }: RollBackDialogProps) {
  const [{ data, error }] = useQuery({
    query: PreviewQuery,
    variables: { id: agent, to: toBundle, newest },
    requestPolicy: "network-only",
    pause: !open,
  });
  const [{ fetching }, rollBack] = useMutation(RollBack);
  const [tasks, setTasks] = useState<RollbackTasks>("DRAIN");
  const [reason, setReason] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const [openedAt, setOpenedAt] = useState(newest);
  useEffect(() => {
    if (open) return;
    setProblem(null);
    setOpenedAt(newest);
  }, [open, newest]);
  const found = data?.node?.__typename === "Agent" ? data.node : null;
  const preview = found?.rollbackPreview;
  const impossible = !preview || !preview.changed || preview.refusal !== null;

  const submit = async (event: SyntheticEvent) => {
    event.preventDefault();
    if (fetching || impossible) return;
    setProblem(null);
    const answer = await rollBack({
      input: { agentId: agent, toBundle, reason: reason.trim(), tasks, expectedBundle: newest },
    });
    const result = answer.data?.rollBackAgent;
    if (result?.__typename !== "RollBackAgentSuccess") return setProblem(refusalOf(result, answer.error));
    setReason("");
    notify({ title: `${found.name} is back at ${toBundle}`, description: "How it goes on stands above its versions." });
    onClose();
  };

  return (
    <Dialog
      wide
      open={open}
      onOpenChange={(next) => !next && onClose()}
      title={`Roll back to ${toBundle}`}
      description={`Its definition version, config, limits and own contexts become what they were at ${toBundle}, all at once. Nothing is deleted: ${newest} can be rolled back to in turn.`}
    >
      <form onSubmit={(event) => void submit(event)} className="grid gap-4">
        {newest !== openedAt && (
          <p className="rounded-md bg-warning-soft px-3 py-2 text-warning">
            The agent was at {openedAt} when you opened this, and is at {newest} now. What you see is from {newest}.
          </p>
        )}
        {error && <Problem title={refusalOf(undefined, error)} />}
        {!found && !error && <Loading lines={5} />}
        {found && preview && (
          <>
            <RollBackPreview
              project={project}
              preview={preview}
              configs={{ from: found.before.config, to: found.after.config }}
            />
            {!impossible && (
              <>
                <TasksChoice
                  tasks={tasks}
                  onChange={setTasks}
                  restarts={preview.restarts}
                  running={preview.runningTasks.length}
                />
                <TextArea
                  label="Reason"
                  value={reason}
                  onChange={setReason}
                  hint="It stands in the timeline and at the bundles, for those who come after you."
                  required
                />
              </>
            )}
          </>
        )}
        {problem !== null && <Problem title={problem} />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" disabled={fetching || impossible}>
            Roll back
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
