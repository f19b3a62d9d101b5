"use client";
import { useMutation } from "urql";
import { graphql } from "#api/generated/gql.ts";
import type { SavedViewFragment as SavedView, SavedViewScreen } from "#api/generated/graphql.ts";
import { refusalOf } from "#api/refusal.ts";
import { notify } from "#components/notify.ts";

export const SavedViewFragment = graphql(`
  fragment SavedView on SavedView {
    id
    screen
    name
    query
    version
    updatedAt
    creator {
      kind
      id
      name
    }
  }
`);

const Create = graphql(`
  mutation CreateSavedView($input: CreateSavedViewInput!) {
    createSavedView(input: $input) {
      __typename
      ... on CreateSavedViewSuccess {
        data {
          ...SavedView
        }
      }
      ... on Error {
        code
        message
      }
    }
  }
`);

const Update = graphql(`
  mutation UpdateSavedView($input: UpdateSavedViewInput!) {
    updateSavedView(input: $input) {
      __typename
      ... on UpdateSavedViewSuccess {
        data {
          ...SavedView
        }
      }
      ... on Error {
        code
        message
      }
    }
  }
`);

const Delete = graphql(`
  mutation DeleteSavedView($input: DeleteSavedViewInput!) {
    deleteSavedView(input: $input) {
      __typename
      ... on Error {
        code
        message
      }
    }
  }
`);

/** What can be done to saved views. Each answers why it was not done, or null; what was done is said, with the way back. */
export function useSavedViewChanges(project: string, screen: SavedViewScreen) {
  const [, create] = useMutation(Create);
  const [, update] = useMutation(Update);
  const [, remove] = useMutation(Delete);

  const save = async (name: string, query: string): Promise<string | null> => {
    const { data, error } = await create({ input: { projectId: project, screen, name, query } });
    const result = data?.createSavedView;
    if (result?.__typename !== "CreateSavedViewSuccess") return refusalOf(result, error);
    notify({ title: `Saved as ${name}`, description: "Everybody in the project has it." });
    return null;
  };

  const change = async (
    view: SavedView,
    changed: { readonly name?: string; readonly query?: string },
    done: string,
  ): Promise<string | null> => {
    const { data, error } = await update({ input: { viewId: view.id, expectedVersion: view.version, ...changed } });
    const result = data?.updateSavedView;
    if (result?.__typename !== "UpdateSavedViewSuccess") return refusalOf(result, error);
    const undo = () => void update({ input: { viewId: view.id, name: view.name, query: view.query } });
    notify({ title: done, action: { name: "Undo", act: undo } });
    return null;
  };

  return {
    save,
    rename: (view: SavedView, name: string) => change(view, { name }, `${view.name} is now ${name}`),
    overwrite: async (view: SavedView, query: string) => {
      const refusal = await change(view, { query }, `${view.name} shows this now`);
      if (refusal !== null) notify({ title: `${view.name} was not changed`, description: refusal });
    },
    remove: async (view: SavedView) => {
      const { data, error } = await remove({ input: { viewId: view.id } });
      const result = data?.deleteSavedView;
      if (result?.__typename !== "DeleteSavedViewSuccess") {
        notify({ title: `${view.name} was not deleted`, description: refusalOf(result, error) });
        return;
      }
      const undo = () => void create({ input: { projectId: project, screen, name: view.name, query: view.query } });
      notify({ title: `Deleted ${view.name}`, action: { name: "Undo", act: undo } });
    },
  };
}
