"use client";
import { useState } from "react";
import { useQuery } from "urql";
import { graphql } from "#api/generated/gql.ts";
import { useLatest } from "#components/use-latest.ts";
import type { Token } from "#features/webhooks/token-field.tsx";
import { projectPath, type ProjectRoute } from "#routes.ts";

const NamedQuery = graphql(`
  query WebhookSubjects($path: String!, $agent: String, $context: String) {
    project(path: $path) {
      id
      agents(first: 20, filter: { search: $agent }) {
        edges {
          node {
            id
            name
          }
        }
      }
      contexts(first: 20, filter: { search: $context }) {
        edges {
          node {
            id
            name
          }
        }
      }
    }
  }
`);

interface Named {
  readonly agents: readonly Token[];
  readonly contexts: readonly Token[];
  /** Looks for names with this in it. */
  readonly search: (what: "agent" | "context", text: string) => void;
}

/** The project's agents and contexts to choose from, some at a time. */
export function useNamed(project: ProjectRoute): Named {
  const [asked, setAsked] = useState({ agent: "", context: "" });
  const [{ data }] = useQuery({
    query: NamedQuery,
    variables: { path: projectPath(project), agent: asked.agent || null, context: asked.context || null },
  });
  const shown = useLatest(data, data !== undefined)?.project;
  const tokens = (edges: readonly { readonly node: { readonly id: string; readonly name: string } }[] = []) =>
    edges.map(({ node }) => ({ value: node.id, word: node.name }));
  return {
    agents: tokens(shown?.agents.edges),
    contexts: tokens(shown?.contexts.edges),
    search: (what, text) => setAsked((current) => ({ ...current, [what]: text })),
  };
}
