"use client";
import { useEffect, useState } from "react";
import { useClient } from "urql";
import { graphql } from "#api/generated/gql.ts";
import type { PaletteByIdQuery, PaletteByNameQuery } from "#api/generated/graphql.ts";
import { projectPath, type ProjectRoute } from "#routes.ts";

const ByName = graphql(`
  query PaletteByName($path: String!, $search: String!) {
    project(path: $path) {
      id
      agents(first: 6, filter: { search: $search }) {
        edges {
          node {
            id
            name
            state
          }
        }
      }
      contexts(first: 5, filter: { search: $search }) {
        edges {
          node {
            id
            name
            agent {
              id
              name
            }
          }
        }
      }
      tasks(first: 5, filter: { search: $search }) {
        edges {
          node {
            id
            title
            state
          }
        }
      }
      workflows(first: 4, filter: { search: $search }) {
        edges {
          node {
            id
            name
          }
        }
      }
      schedules(first: 4, filter: { search: $search }) {
        edges {
          node {
            id
            name
          }
        }
      }
      queues(first: 4, search: $search) {
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

const ById = graphql(`
  query PaletteById($id: ID!) {
    node(id: $id) {
      __typename
      id
      ... on Agent {
        name
        project {
          id
          path
        }
      }
      ... on Task {
        title
        project {
          id
          path
        }
      }
      ... on Context {
        name
        project {
          id
          path
        }
      }
      ... on ContextVersion {
        number
        context {
          id
          name
          project {
            id
            path
          }
        }
      }
      ... on Workflow {
        name
        project {
          id
          path
        }
      }
      ... on Schedule {
        name
        project {
          id
          path
        }
      }
      ... on Queue {
        name
        project {
          id
          path
        }
      }
      ... on BulkJob {
        project {
          id
          path
        }
      }
      ... on Webhook {
        name
        project {
          id
          path
        }
      }
      ... on AgentDefinition {
        name
      }
    }
  }
`);

export type FoundByName = NonNullable<PaletteByNameQuery["project"]>;
export type FoundById = NonNullable<PaletteByIdQuery["node"]>;

export interface Found {
  /** For which text; another may have been typed meanwhile. */
  readonly text: string;
  readonly byName: FoundByName | null;
  readonly byId: FoundById | null;
  /** Whether it could not be asked for. */
  readonly failed: boolean;
}

const PAUSE_MS = 120;
const ID = /^[a-z]+_[0-9a-z]+(@\d+)?$/;

/** What of the project has this name or id, some time after the typing has paused; null before the first answer. */
export function useFound(project: ProjectRoute, typed: string): Found | null {
  const client = useClient();
  const path = projectPath(project);
  const text = typed.trim();
  const [found, setFound] = useState<Found | null>(null);
  useEffect(() => {
    if (text === "") {
      setFound(null);
      return undefined;
    }
    let current = true;
    const timer = setTimeout(async () => {
      const options = { requestPolicy: "network-only" } as const;
      const [named, known] = await Promise.all([
        client.query(ByName, { path, search: text }, options).toPromise(),
        ID.test(text) ? client.query(ById, { id: text }, options).toPromise() : null,
      ]);
      if (!current) return;
      setFound({
        text,
        byName: named.data?.project ?? null,
        byId: known?.data?.node ?? null,
        failed: named.error !== undefined,
      });
    }, PAUSE_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [client, path, text]);
  return found;
}
