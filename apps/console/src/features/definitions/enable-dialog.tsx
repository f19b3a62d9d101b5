"use client";
import { useClient, useMutation } from "urql";
import { graphql } from "#api/generated/gql.ts";
import type { DefinitionHeaderFragment } from "#api/generated/graphql.ts";
import { refusalOf } from "#api/refusal.ts";
import { Button } from "#components/button.tsx";
import { Dialog } from "#components/dialog.tsx";
import { Problem } from "#components/notice.tsx";
import { notifyDone } from "#components/notify.ts";
import { useSubmit } from "#components/use-submit.ts";

const Whole = graphql(`
  query WholeDefinition($id: ID!) {
    node(id: $id) {
      __typename
      ... on AgentDefinition {
        id
        slug
        name
        type
        description
        capabilities
        configSchema
        metadata
        shared
      }
    }
  }
`);

const Register = graphql(`
  mutation EnableDefinition($input: RegisterDefinitionInput!) {
    registerDefinition(input: $input) {
      __typename
      ... on RegisterDefinitionSuccess {
        data {
          id
          enabled
        }
      }
      ... on Error {
        code
        message
      }
    }
  }
`);

interface EnableDialogProps {
  readonly workspaceId: string;
  readonly definition: DefinitionHeaderFragment;
  readonly open: boolean;
  readonly onClose: () => void;
}

/** Lets new agents be registered with a definition, or no more. */
export function EnableDialog({ workspaceId, definition, open, onClose }: EnableDialogProps) {
  const client = useClient();
  const [, register] = useMutation(Register);
  const { busy, refusal, forget, submit } = useSubmit();
  const { id, name, enabled, shared } = definition;
  const verb = enabled ? "Disable" : "Enable";

  // A definition is registered whole: what it is now is read first, so that nobody's newer version is taken back.
  const change = async (to: boolean): Promise<string | null> => {
    const read = await client.query(Whole, { id }, { requestPolicy: "network-only" }).toPromise();
    const present = read.data?.node;
    if (present?.__typename !== "AgentDefinition") return refusalOf(undefined, read.error);
    const { __typename: _type, id: _id, shared: everywhere, ...rest } = present;
    const workspace = everywhere ? {} : { workspaceId };
    const { data, error } = await register({ input: { ...rest, ...workspace, enabled: to } });
    const result = data?.registerDefinition;
    return result?.__typename === "RegisterDefinitionSuccess" ? null : refusalOf(result, error);
  };

  const attempt = async () => {
    const refused = await change(!enabled);
    if (refused !== null) return refused;
    onClose();
    notifyDone(`${name} is ${enabled ? "disabled" : "enabled"}`, () => change(enabled));
    return null;
  };

  return (
    <Dialog
      open={open}
      onOpenChange={(next) => {
        if (next) return;
        forget();
        onClose();
      }}
      title={`${verb} ${name}`}
      description={
        enabled
          ? "New agents can no longer be registered with it. Those that there are go on, and keep their version."
          : "New agents can be registered with it again."
      }
    >
      <div className="grid gap-4">
        {shared && <p className="text-muted">It is shared: this counts for every workspace of the installation.</p>}
        {refusal !== null && <Problem title={refusal} />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button look={enabled ? "danger" : "primary"} disabled={busy} onClick={() => void submit(attempt)}>
            {verb}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
