import type { TypedDocumentNode } from "@graphql-typed-document-node/core";
import type { Client } from "@muster/client/client.ts";
import { document } from "@muster/client/document.ts";
import type { Frame } from "@muster/client/frames.ts";
import { formatDocument, stringifyDocument } from "@urql/core";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import type { EventFilter } from "#api/generated/graphql.ts";
import { EventFragment } from "#events/event-fragment.ts";
import type { EventSource, ListedEvent, ReadPage } from "#events/log/event-source.ts";
import { AgentLogQuery, EventTimeQuery, LogFeed, PageFragment, ProjectLogQuery } from "#events/log/log-documents.ts";

/** What has happened to an agent, with its tasks and contexts. */
export function agentLog(client: Client, agent: string): EventSource {
  // A feed is the project's: it has to be told whose events.
  const ofAgent = ({ agents, ...filter }: EventFilter): EventFilter => ({
    ...filter,
    agents: agents == null || (Array.isArray(agents) ? agents : [agents]).includes(agent) ? [agent] : [],
  });
  return source(client, agent, ofAgent, async (page, filter, signal) => {
    const { node } = await client.execute(text(AgentLogQuery), { agent, ...page, filter }, { signal });
    return node?.__typename === "Agent" ? readOf(node.project, node.timeline) : null;
  });
}

/** What has happened in a project, by its path. */
export function projectLog(client: Client, path: string): EventSource {
  return source(
    client,
    path,
    (filter) => filter,
    async (page, filter, signal) => {
      const { project } = await client.execute(text(ProjectLogQuery), { path, ...page, filter }, { signal });
      return project ? readOf(project, project.events) : null;
    },
  );
}

function source(
  client: Client,
  key: string,
  feedFilter: (filter: EventFilter) => EventFilter,
  read: EventSource["read"],
): EventSource {
  return {
    key,
    read,
    async timeOf(id, signal) {
      const { node } = await client.execute(text(EventTimeQuery), { id }, { signal });
      return node && "at" in node ? node.at : null;
    },
    follow: ({ onEvent, onMissed, ...following }) =>
      client.follow<Record<string, Frame<ListedEvent>>, FeedVariables>({
        document: document(text(LogFeed).toString()),
        variables: { project: following.project, filter: feedFilter(following.filter) },
        after: following.after,
        onEvent,
        onResync: onMissed,
        signal: following.signal,
      }),
  };
}

interface FeedVariables {
  readonly project: string;
  readonly filter: unknown;
  readonly after?: string | null;
}

function readOf(
  project: { readonly id: string; readonly cursor: string },
  events: FragmentType<typeof PageFragment>,
): ReadPage {
  const { edges, pageInfo } = readFragment(PageFragment, events);
  return {
    project: project.id,
    cursor: project.cursor,
    page: { pageInfo, edges: edges.map(({ cursor, node }) => ({ cursor, node: readFragment(EventFragment, node) })) },
  };
}

/** A document as text, with the types of what it answers; each `__typename` is asked for, as the cache does for others. */
function text<Data, Variables>(node: TypedDocumentNode<Data, Variables>) {
  return document<Data, Variables>(stringifyDocument(formatDocument(node as never)));
}
