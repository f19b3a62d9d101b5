"use client";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { useMutation } from "urql";
import { graphql } from "#api/generated/gql.ts";
import { refusalOf } from "#api/refusal.ts";
import { notify } from "#components/notify.ts";
import { TextField } from "#components/text-field.tsx";
import { AgentField } from "#features/contexts/agent-field.tsx";
import { useContextView } from "#features/contexts/context-view.tsx";
import { FormDialog } from "#features/contexts/form-dialog.tsx";
import { routes } from "#routes.ts";

const Fork = graphql(`
  mutation ForkContext($input: ForkContextInput!) {
    forkContext(input: $input) {
      __typename
      ... on ForkContextSuccess {
        data {
          id
          name
          forkedFrom {
            id
            context {
              id
              ...ContextForks
            }
          }
        }
      }
      ... on Error {
        code
        message
      }
    }
  }
`);

interface ForkDialogProps {
  /** The version's id. */
  readonly version: string;
  readonly number: number;
  /** The context's name. */
  readonly name: string;
  readonly onClose: () => void;
}

/** Starts another context with the data of a version, and goes there. */
export function ForkDialog({ version, number, name: origin, onClose }: ForkDialogProps) {
  const { project } = useContextView();
  const router = useRouter();
  const [, fork] = useMutation(Fork);
  const [name, setName] = useState(`${origin}, from ${number}`);
  const [message, setMessage] = useState("");
  const [agent, setAgent] = useState<string | null | undefined>(null);
  const act = async () => {
    if (agent === undefined) return "No agent has this name. Leave it empty for a context that all agents share.";
    const { data, error } = await fork({
      input: {
        fromVersion: version,
        name: name.trim(),
        ...(agent !== null && { agentId: agent }),
        ...(message.trim() !== "" && { message: message.trim() }),
      },
    });
    const result = data?.forkContext;
    if (result?.__typename !== "ForkContextSuccess") return refusalOf(result, error);
    notify({ title: `“${result.data.name}” was started from version ${number}` });
    router.push(routes.context(project, result.data.id));
    return null;
  };
  return (
    <FormDialog
      title={`Fork version ${number}`}
      description="Starts another context whose first version has the same data. Pins, holds and settings do not come along."
      submit="Fork"
      act={act}
      onClose={onClose}
    >
      <TextField label="Name" value={name} onChange={setName} maxLength={200} required />
      <AgentField
        project={project}
        label="Memory of"
        placeholder="Agent’s name"
        hint="Left empty, all agents of the project share it."
        onAgent={setAgent}
      />
      <TextField
        label="Message"
        value={message}
        onChange={setMessage}
        maxLength={1_000}
        hint="What its first version says."
      />
    </FormDialog>
  );
}
