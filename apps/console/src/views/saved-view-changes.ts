"use client";
import { useMutation } from "urql";
import { graphql } from "#api/generated/gql.ts";
import type { SavedViewFragment as SavedView, SavedViewScreen } from "#api/generated/graphql.ts";
import { refusalOf } from "#api/refusal.ts";
import { notify, notifyDone } from "#components/notify.ts";

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

interface Changed {
  readonly name?: string;
  readonly query?: string;
}

/** What can be done to saved views. Each answers why it was not done, or null; what was done is said, with the way back. */
export function useSavedViewChanges(project: string, screen: SavedViewScreen) {
  const [, create] = useMutation(Create);
  const [, update] = useMutation(Update);
  const [, remove] = useMutation(Delete);

  const make = async (name: string, query: string): Promise<string | null> => {
    const { data, error } = await create({ input: { projectId: project, screen, name, query } });
    const result = data?.createSavedView;
    return result?.__typename === "CreateSavedViewSuccess" ? null : refusalOf(result, error);
  };
  const put = async (viewId: string, changed: Changed, expectedVersion?: number): Promise<string | null> => {
    const { data, error } = await update({
      input: { viewId, ...changed, ...(expectedVersion !== undefined && { expectedVersion }) },
    });
    const result = data?.updateSavedView;
    return result?.__typename === "UpdateSavedViewSuccess" ? null : refusalOf(result, error);
  };

  const save = async (name: string, query: string): Promise<string | null> => {
    const refusal = await make(name, query);
    if (refusal === null) notify({ title: `Saved as ${name}`, description: "Everybody in the project has it." });
    return refusal;
  };
  const change = async (view: SavedView, changed: Changed, done: string): Promise<string | null> => {
    const { id, name, query, version } = view;
    const refusal = await put(id, changed, version);
    if (refusal === null) notifyDone(done, () => put(id, { name, query }));
    return refusal;
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
      notifyDone(`Deleted ${view.name}`, () => make(view.name, view.query));
    },
  };
}
