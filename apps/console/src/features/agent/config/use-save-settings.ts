"use client";
import { useClient } from "urql";
import { graphql } from "#api/generated/gql.ts";
import type { InputIssue } from "#api/input-issues.ts";
import { refusalOf, wholeRefusalOf } from "#api/refusal.ts";
import { notifyDone } from "#components/notify.ts";
import { type AgentSettings, changesOf } from "#features/agent/config/agent-settings.ts";

const Update = graphql(`
  mutation UpdateAgentSettings($input: UpdateAgentInput!) {
    updateAgent(input: $input) {
      __typename
      ... on UpdateAgentSuccess {
        data {
          ...LiveAgent
          ...AgentSettings
          configVersion
        }
      }
      ... on InvalidInput {
        code
        message
        issues {
          path
          message
        }
      }
      ... on Error {
        code
        message
      }
    }
  }
`);

export type Refusal =
  | { readonly kind: "conflict"; readonly message: string }
  | { readonly kind: "refused"; readonly message: string; readonly issues: readonly InputIssue[] };

/** Saves what was changed of an agent. Answers why not, or null; what was saved can be undone for a while. */
export function useSaveSettings(agentId: string) {
  const client = useClient();
  const save = async (from: AgentSettings, to: AgentSettings, expectedConfigVersion: number | null) => {
    const changes = changesOf(from, to);
    const input = { agentId, ...changes, ...("config" in changes && { expectedConfigVersion }) };
    const { data, error } = await client.mutation(Update, { input }).toPromise();
    return { result: data?.updateAgent, error };
  };
  return async (from: AgentSettings, to: AgentSettings, configVersion: number): Promise<Refusal | null> => {
    const { result, error } = await save(from, to, configVersion);
    if (result?.__typename === "UpdateAgentSuccess") {
      const saved = result.data.configVersion;
      const undo = async () => {
        const undone = await save(to, from, saved);
        return undone.result?.__typename === "UpdateAgentSuccess" ? null : refusalOf(undone.result, undone.error);
      };
      notifyDone(`Saved ${to.name}`, undo);
      return null;
    }
    const refused = wholeRefusalOf(result, error);
    if (result?.__typename === "Conflict") return { kind: "conflict", message: refused.message };
    return { kind: "refused", ...refused };
  };
}
