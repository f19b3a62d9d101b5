"use client";
import { useMutation } from "urql";
import { graphql } from "#api/generated/gql.ts";
import { refusalOf } from "#api/refusal.ts";
import { notify, undoBy } from "#components/notify.ts";
import { useContextView } from "#features/contexts/context-view.tsx";

const Pin = graphql(`
  mutation PinContextVersion($input: PinContextVersionInput!) {
    pinContextVersion(input: $input) {
      __typename
      ... on PinContextVersionSuccess {
        data {
          id
          ...VersionPins
          context {
            id
            ...ContextPins
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

const Unpin = graphql(`
  mutation UnpinContextVersion($input: UnpinContextVersionInput!, $number: Int!) {
    unpinContextVersion(input: $input) {
      __typename
      ... on UnpinContextVersionSuccess {
        data {
          id
          ...ContextPins
          version(number: $number) {
            id
            ...VersionPins
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

/** Names versions, and takes names off them. Each says so with a way back; each answers why it was not done, or null. */
export function usePins() {
  const { context } = useContextView();
  const [, sendPin] = useMutation(Pin);
  const [, sendUnpin] = useMutation(Unpin);

  const put = async (number: number, name: string): Promise<string | null> => {
    const { data, error } = await sendPin({ input: { contextId: context, number, name } });
    const result = data?.pinContextVersion;
    return result?.__typename === "PinContextVersionSuccess" ? null : refusalOf(result, error);
  };
  const take = async (number: number, name: string): Promise<string | null> => {
    const { data, error } = await sendUnpin({ input: { contextId: context, name }, number });
    const result = data?.unpinContextVersion;
    return result?.__typename === "UnpinContextVersionSuccess" ? null : refusalOf(result, error);
  };

  return {
    pin: async (number: number, name: string) => {
      const refusal = await put(number, name);
      if (refusal === null) {
        notify({
          title: `Version ${number} is pinned as “${name}”`,
          description: "Retention never removes its data.",
          action: undoBy(() => take(number, name)),
        });
      }
      return refusal;
    },
    unpin: async (number: number, name: string) => {
      const refusal = await take(number, name);
      if (refusal === null) {
        notify({
          title: `“${name}” was taken off version ${number}`,
          description: "Retention may remove its data now.",
          action: undoBy(() => put(number, name)),
        });
      }
      return refusal;
    },
  };
}
