import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createClient } from "@muster/client/client.ts";
import { unwrap } from "@muster/client/unwrap.ts";

/** The API as an operator's program uses it: what happens besides the browser, and what the browser has to show. */
export interface Api {
  readonly url: string;
  /** The admin key of this installation. */
  readonly key: string;
  query<Data>(document: string, variables?: object): Promise<Data>;
  /** Runs the mutation and answers its `data`. @throws MutationError for an expected error */
  change<Data>(mutation: string, input: object, fields?: string): Promise<Data>;
  close(): void;
}

export interface ProjectRow {
  readonly id: string;
  /** "demo/app" */
  readonly path: string;
}

export interface EventRow {
  readonly id: string;
  readonly type: string;
  readonly reason: string | null;
}

export async function openApi(url: string, dataDir: string): Promise<Api> {
  const key = (await readFile(join(dataDir, "bootstrap-key"), "utf8")).trim();
  const client = createClient({ url, credentials: () => key });
  const query = <Data>(document: string, variables: object = {}) => client.execute<Data, object>(document, variables);
  return {
    url,
    key,
    query,
    async change<Data>(mutation: string, input: object, fields = "id"): Promise<Data> {
      const name = mutation.charAt(0).toUpperCase() + mutation.slice(1);
      const { result } = await query<{ result: { __typename: string; data: Data } }>(
        `mutation ($input: ${name}Input!) { result: ${mutation}(input: $input) {
           __typename ... on ${name}Success { data { ${fields} } } ... on Error { code message } } }`,
        { input },
      );
      return unwrap(result);
    },
    close: () => client.close(),
  };
}

/** The project, which is created when it is not there; so is its workspace, which another file may create just then. */
export async function ensureProject(api: Api, path: string): Promise<ProjectRow> {
  const [workspaceSlug = "", slug = ""] = path.split("/");
  const look = () =>
    api.query<{ project: ProjectRow | null; workspace: { id: string } | null }>(
      `query ($path: String!, $workspace: String!) { project(path: $path) { id path } workspace(slug: $workspace) { id } }`,
      { path, workspace: workspaceSlug },
    );
  const { project, workspace } = await look();
  if (project) return project;
  const create = () => api.change<{ id: string }>("createWorkspace", { slug: workspaceSlug, name: workspaceSlug });
  const found =
    workspace ??
    (await create().catch(async (refused: unknown) => {
      const { workspace: since } = await look();
      if (since === null) throw refused;
      return since;
    }));
  return api.change<ProjectRow>("createProject", { workspaceId: found.id, slug, name: slug }, "id path");
}

/** Every event of an agent, newest first. */
export async function timelineOf(api: Api, agentId: string): Promise<EventRow[]> {
  const events: EventRow[] = [];
  let after: string | null = null;
  do {
    const { node }: Timeline = await api.query<Timeline>(
      `query ($id: ID!, $after: String) { node(id: $id) { ... on Agent { timeline(first: 200, after: $after) {
         edges { node { id type reason } } pageInfo { hasNextPage endCursor } } } } }`,
      { id: agentId, after },
    );
    events.push(...node.timeline.edges.map((edge) => edge.node));
    after = node.timeline.pageInfo.hasNextPage ? node.timeline.pageInfo.endCursor : null;
  } while (after !== null);
  return events.toReversed();
}

interface Timeline {
  readonly node: {
    readonly timeline: {
      readonly edges: readonly { readonly node: EventRow }[];
      readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
    };
  };
}
