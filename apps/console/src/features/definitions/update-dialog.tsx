"use client";
import Link from "next/link";
import { useRef } from "react";
import { useMutation } from "urql";
import { graphql } from "#api/generated/gql.ts";
import { issueAt } from "#api/input-issues.ts";
import { type Refusal, wholeRefusalOf } from "#api/refusal.ts";
import { Button } from "#components/button.tsx";
import { Card } from "#components/card.tsx";
import { Dialog } from "#components/dialog.tsx";
import { Problem } from "#components/notice.tsx";
import { notifyDone } from "#components/notify.ts";
import { useSubmit } from "#components/use-submit.ts";
import { VersionDifference } from "#features/definitions/version-comparison.tsx";
import { type ProjectRoute, routes } from "#routes.ts";

const Update = graphql(`
  mutation UpdateDefinitionVersion($input: UpdateAgentInput!) {
    updateAgent(input: $input) {
      __typename
      ... on UpdateAgentSuccess {
        data {
          id
          definitionVersion
          capabilities
        }
      }
      ... on Error {
        code
        message
      }
      ... on InvalidInput {
        issues {
          path
          message
        }
      }
    }
  }
`);

interface UpdateDialogProps {
  readonly project: ProjectRoute;
  readonly agentId: string;
  readonly name: string;
  readonly definitionId: string;
  readonly from: number;
  readonly to: number;
  readonly open: boolean;
  readonly onClose: () => void;
}

/** Moves an agent to another version of its definition, after a look at what changes. */
export function UpdateDialog({ project, agentId, name, definitionId, open, onClose, ...versions }: UpdateDialogProps) {
  // What it is about stays, also while the row beneath changes already.
  const asked = useRef(versions);
  if (!open) asked.current = versions;
  const { from, to } = open && versions.from !== versions.to ? versions : asked.current;
  const [, update] = useMutation(Update);
  const { busy, refusal, forget, submit } = useSubmit<Refusal>();

  const move = async (definitionVersion: number): Promise<Refusal | null> => {
    const { data, error } = await update({ input: { agentId, definitionVersion } });
    const result = data?.updateAgent;
    return result?.__typename === "UpdateAgentSuccess" ? null : wholeRefusalOf(result, error);
  };

  const attempt = async () => {
    const refused = await move(to);
    if (refused !== null) return refused;
    onClose();
    notifyDone(`${name} has version ${to}`, async () => (await move(from))?.message ?? null);
    return null;
  };

  return (
    <Dialog
      wide
      open={open}
      onOpenChange={(next) => {
        if (next) return;
        forget();
        onClose();
      }}
      title={`Update ${name} to version ${to}`}
      description={`It has version ${from}. It gets the capabilities of version ${to} at once, and its config has to match that version’s schema.`}
    >
      <div className="grid gap-4 text-left">
        <Card role="region" aria-label="Changes" className="overflow-hidden">
          {open && <VersionDifference definitionId={definitionId} from={from} to={to} className="max-h-[45dvh]" />}
        </Card>
        <p className="text-muted">
          Its process goes on as it is. If what the process does depends on the version, restart the agent afterwards.
        </p>
        {refusal !== null && (
          <Problem title={refusal.message}>
            {issueAt(refusal.issues, "config") !== undefined && (
              <>
                <Link
                  href={routes.agent(project, agentId, { tab: "config" })}
                  prefetch={false}
                  className="text-accent underline"
                >
                  Change its config
                </Link>{" "}
                so that it matches, then update it.
              </>
            )}
          </Problem>
        )}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" disabled={busy} onClick={() => void submit(attempt)}>
            Update
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
