"use client";
import { useRouter } from "next/navigation";
import { type SyntheticEvent, useEffect, useState } from "react";
import { useMutation } from "urql";
import { graphql } from "#api/generated/gql.ts";
import { refusalOf } from "#api/refusal.ts";
import { Button } from "#components/button.tsx";
import { Dialog } from "#components/dialog.tsx";
import { Problem } from "#components/notice.tsx";
import { notify } from "#components/notify.ts";
import { TextField } from "#components/text-field.tsx";
import { slugOf } from "#features/settings/slug-of.ts";
import { projectRoute, routes } from "#routes.ts";

const CreateWorkspace = graphql(`
  mutation CreateWorkspace($input: CreateWorkspaceInput!) {
    createWorkspace(input: $input) {
      __typename
      ... on CreateWorkspaceSuccess {
        data {
          id
          slug
          name
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

const CreateProject = graphql(`
  mutation CreateProject($input: CreateProjectInput!) {
    createProject(input: $input) {
      __typename
      ... on CreateProjectSuccess {
        data {
          id
          path
          name
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

interface CreateDialogProps {
  readonly what: "workspace" | "project";
  /** Where a project goes. */
  readonly workspace?: { readonly id: string; readonly slug: string };
  readonly open: boolean;
  readonly onClose: () => void;
  readonly onCreated: () => void;
}

interface Refusal {
  readonly message: string;
  readonly issues: readonly { readonly path: readonly string[]; readonly message: string }[];
}

/** Makes a workspace, or a project in one. */
export function CreateDialog({ what, workspace, open, onClose, onCreated }: CreateDialogProps) {
  const router = useRouter();
  const [, createWorkspace] = useMutation(CreateWorkspace);
  const [, createProject] = useMutation(CreateProject);
  const [name, setName] = useState("");
  /** null: what the name gives. */
  const [ownSlug, setOwnSlug] = useState<string | null>(null);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    if (!open) return;
    setName("");
    setOwnSlug(null);
    setRefusal(null);
  }, [open]);
  const slug = ownSlug ?? slugOf(name);

  const create = async (): Promise<{ title: string; path: string | null } | Refusal> => {
    if (workspace === undefined) {
      const { data, error } = await createWorkspace({ input: { slug, name: name.trim() } });
      const result = data?.createWorkspace;
      if (result?.__typename === "CreateWorkspaceSuccess")
        return { title: `Workspace ${result.data.name} is created`, path: null };
      return { message: refusalOf(result, error), issues: result?.__typename === "InvalidInput" ? result.issues : [] };
    }
    const { data, error } = await createProject({ input: { workspaceId: workspace.id, slug, name: name.trim() } });
    const result = data?.createProject;
    if (result?.__typename === "CreateProjectSuccess")
      return { title: `Project ${result.data.name} is created`, path: result.data.path };
    return { message: refusalOf(result, error), issues: result?.__typename === "InvalidInput" ? result.issues : [] };
  };

  const submit = async (event: SyntheticEvent) => {
    event.preventDefault();
    setBusy(true);
    const made = await create();
    setBusy(false);
    if ("message" in made) {
      setRefusal(made);
      return;
    }
    const { title, path } = made;
    notify({
      title,
      ...(path !== null && {
        action: { name: "Open", act: () => router.push(routes.fleet(projectRoute(path))) },
      }),
    });
    onCreated();
    onClose();
  };
  const issueAt = (field: string) => refusal?.issues.find(({ path }) => path[0] === field)?.message;

  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && onClose()}
      title={`Create ${what}`}
      description={
        what === "workspace"
          ? "A tenant of its own, with its own projects, definitions, limits and retention."
          : `In ${workspace?.slug ?? "the workspace"}: a fleet of agents with their tasks and contexts.`
      }
    >
      <form onSubmit={(event) => void submit(event)} className="grid gap-4">
        <TextField label="Name" value={name} onChange={setName} problem={issueAt("name")} required maxLength={200} />
        <TextField
          label="Slug"
          value={slug}
          onChange={setOwnSlug}
          problem={issueAt("slug")}
          hint="Its name in addresses and programs. It cannot be changed later."
          required
          mono
          maxLength={63}
        />
        {refusal !== null && <Problem title={refusal.message} />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" disabled={busy}>
            Create {what}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
