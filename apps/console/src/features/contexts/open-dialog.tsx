"use client";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { useMutation } from "urql";
import { graphql } from "#api/generated/gql.ts";
import { refusalOf } from "#api/refusal.ts";
import { TextField } from "#components/text-field.tsx";
import { AgentField } from "#features/contexts/agent-field.tsx";
import { FormDialog } from "#features/contexts/form-dialog.tsx";
import { type ProjectRoute, routes } from "#routes.ts";

const Open = graphql(`
  mutation OpenContext($input: OpenContextInput!) {
    openContext(input: $input) {
      __typename
      ... on OpenContextSuccess {
        data {
          id
          name
        }
      }
      ... on Error {
        code
        message
      }
    }
  }
`);

interface OpenDialogProps {
  readonly project: ProjectRoute;
  readonly projectId: string;
  readonly onClose: () => void;
}

/** Opens a context, which is made when there is none with its name, and goes there. */
export function OpenDialog({ project, projectId, onClose }: OpenDialogProps) {
  const router = useRouter();
  const [, send] = useMutation(Open);
  const [name, setName] = useState("");
  const [agent, setAgent] = useState<string | null | undefined>(null);
  const act = async () => {
    if (agent === undefined) return "No agent has this name. Leave it empty for a context that all agents share.";
    const { data, error } = await send({
      input: { projectId, name: name.trim(), ...(agent !== null && { agentId: agent }) },
    });
    const result = data?.openContext;
    if (result?.__typename !== "OpenContextSuccess") return refusalOf(result, error);
    router.push(routes.context(project, result.data.id));
    return null;
  };
  return (
    <FormDialog
      title="Open a context"
      description="The one with this name; a new one when there is none. It has no data until somebody writes to it."
      submit="Open"
      act={act}
      onClose={onClose}
    >
      <TextField label="Name" value={name} onChange={setName} maxLength={200} required placeholder="release plan" />
      <AgentField
        project={project}
        label="Memory of"
        placeholder="Agent’s name"
        hint="Left empty, all agents of the project share it."
        onAgent={setAgent}
      />
    </FormDialog>
  );
}
