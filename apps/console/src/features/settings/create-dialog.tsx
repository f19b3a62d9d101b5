"use client";
import { useRouter } from "next/navigation";
import { useEffect, useState } from "react";
import { useMutation } from "urql";
import { graphql } from "#api/generated/gql.ts";
import { issueAt, NO_ISSUES } from "#api/input-issues.ts";
import { type Refusal, wholeRefusalOf } from "#api/refusal.ts";
import { Button } from "#components/button.tsx";
import { Dialog } from "#components/dialog.tsx";
import { Problem } from "#components/notice.tsx";
import { notify } from "#components/notify.ts";
import { TextField } from "#components/text-field.tsx";
import { useSubmit } from "#components/use-submit.ts";
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

/** Makes a workspace, or a project in one. */
export function CreateDialog({ what, workspace, open, onClose, onCreated }: CreateDialogProps) {
  const router = useRouter();
  const [, createWorkspace] = useMutation(CreateWorkspace);
  const [, createProject] = useMutation(CreateProject);
  const [name, setName] = useState("");
  /** null: what the name gives. */
  const [ownSlug, setOwnSlug] = useState<string | null>(null);
  const { busy, refusal, forget, submit } = useSubmit<Refusal>();
  useEffect(() => {
    if (!open) return;
    setName("");
    setOwnSlug(null);
    forget();
  }, [open, forget]);
  const slug = ownSlug ?? slugOf(name);

  const create = async (): Promise<{ title: string; path: string | null } | Refusal> => {
    if (workspace === undefined) {
      const { data, error } = await createWorkspace({ input: { slug, name: name.trim() } });
      const result = data?.createWorkspace;
      if (result?.__typename === "CreateWorkspaceSuccess")
        return { title: `Workspace ${result.data.name} is created`, path: null };
      return wholeRefusalOf(result, error);
    }
    const { data, error } = await createProject({ input: { workspaceId: workspace.id, slug, name: name.trim() } });
    const result = data?.createProject;
    if (result?.__typename === "CreateProjectSuccess")
      return { title: `Project ${result.data.name} is created`, path: result.data.path };
    return wholeRefusalOf(result, error);
  };

  const attempt = async () => {
    const made = await create();
    if ("message" in made) return made;
    const { title, path } = made;
    notify({
      title,
      ...(path !== null && {
        action: { name: "Open", act: () => router.push(routes.fleet(projectRoute(path))) },
      }),
    });
    onCreated();
    onClose();
    return null;
  };
  const issues = refusal?.issues ?? NO_ISSUES;

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
      <form onSubmit={(event) => void submit(attempt, event)} className="grid gap-4">
        <TextField
          label="Name"
          value={name}
          onChange={setName}
          problem={issueAt(issues, "name")}
          required
          maxLength={200}
        />
        <TextField
          label="Slug"
          value={slug}
          onChange={setOwnSlug}
          problem={issueAt(issues, "slug")}
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
