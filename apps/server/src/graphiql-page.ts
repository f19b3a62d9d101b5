import { gzipSync } from "node:zlib";
import { renderGraphiQL } from "@graphql-yoga/render-graphiql";

/** The first tabs: what is there, something to do, and watching it. `projectId`: the demo's, where there is a demo. */
export function firstTabs(projectId: string | null) {
  const project = projectId ?? "prj_…";
  return [
    {
      query: `# Press Ctrl-Enter (Cmd-Enter) to run.
query Fleet {
  project(path: "demo/app") {
    id
    agents(first: 10) {
      edges {
        node { id name state activeTasks lastHeartbeatAt }
      }
    }
    tasks(first: 5) {
      edges {
        node { id kind state progressMessage output }
      }
    }
  }
}
`,
    },
    {
      query: `# The tester runs the tests of a commit. Watch it in the next tab.
mutation CreateTask($input: CreateTaskInput!) {
  createTask(input: $input) {
    ... on CreateTaskSuccess { data { id state } }
    ... on Error { code message }
  }
}
`,
      variables: JSON.stringify({ input: { projectId: project, kind: "test", input: { commit: "HEAD~3" } } }, null, 2),
    },
    {
      query: `# Everything that happens in the project, as it happens.
subscription Watch($project: ID!) {
  events(project: $project) {
    __typename
    ... on EventDelivery {
      event {
        type
        at
        actor { name }
        reason
        ... on TaskTransitioned {
          taskFrom: from
          taskTo: to
          task { id kind output }
          agent { name }
        }
        ... on AgentTransitioned {
          agentFrom: from
          agentTo: to
          agent { name }
        }
      }
    }
  }
}
`,
      variables: JSON.stringify({ project }, null, 2),
    },
  ];
}

/** Takes the key from the link's fragment, which never leaves the browser, and sends it with each request. */
const SIGN_IN = `<script>
(() => {
  const given = /[#&]key=([^&]+)/.exec(location.hash);
  if (given) {
    sessionStorage.setItem("muster.key", decodeURIComponent(given[1]));
    history.replaceState(null, "", location.pathname);
  }
  if (!sessionStorage.getItem("muster.key")) {
    const key = prompt("Your API key (mst_…), or open the link that npm start printed:");
    if (key) sessionStorage.setItem("muster.key", key.trim());
  }
  const send = window.fetch.bind(window);
  window.fetch = (input, init = {}) => {
    const url = new URL(input instanceof Request ? input.url : input, location.href);
    if (url.origin !== location.origin || url.pathname !== "/graphql") return send(input, init);
    const headers = new Headers(init.headers ?? (input instanceof Request ? input.headers : undefined));
    if (!headers.has("authorization")) headers.set("authorization", "Bearer " + (sessionStorage.getItem("muster.key") ?? ""));
    return send(input, { ...init, headers });
  };
})();
</script>`;

let page: { readonly projectId: string | null; readonly body: Buffer } | undefined;

/** GraphiQL as one page that loads nothing from elsewhere, compressed. Rendered once. */
export function graphiqlPage(projectId: string | null): Buffer {
  if (page?.projectId !== projectId) {
    const options = {
      title: "Muster API",
      defaultTabs: firstTabs(projectId),
      subscriptionsProtocol: "SSE",
      endpoint: "/graphql",
    } as const;
    page = { projectId, body: gzipSync(renderGraphiQL(options as never).replace("<head>", () => `<head>${SIGN_IN}`)) };
  }
  return page.body;
}
