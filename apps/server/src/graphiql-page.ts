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
      query: `# Everything that happens in the project, as it happens; the newest first.
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

/**
 * Takes the key from the link's fragment, which never leaves the browser, and sends it with each request. GraphiQL shows
 * only the last result of a subscription, and in a feed that is mostly a bookmark: here it gets the last 50 events.
 */
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
  const log = () => {
    let rest = "";
    const seen = [];
    return new TransformStream({
      transform(text, controller) {
        const blocks = (rest + text).split("\\n\\n");
        rest = blocks.pop();
        for (const block of blocks) {
          const line = block.split("\\n").find((part) => part.startsWith("data:"));
          const payload = line && line.length > 6 ? JSON.parse(line.slice(5)) : null;
          const frame = payload?.data && Object.values(payload.data)[0];
          if (frame?.__typename !== "EventDelivery" && frame?.__typename !== "Bookmark") {
            controller.enqueue(block + "\\n\\n");
            continue;
          }
          if (frame.__typename === "EventDelivery") seen.unshift(frame.event ?? frame);
          seen.length = Math.min(seen.length, 50);
          controller.enqueue("event: next\\ndata: " + JSON.stringify({ data: { newestFirst: seen } }) + "\\n\\n");
        }
      },
    });
  };
  const send = window.fetch.bind(window);
  window.fetch = async (input, init = {}) => {
    const url = new URL(input instanceof Request ? input.url : input, location.href);
    if (url.origin !== location.origin || url.pathname !== "/graphql") return send(input, init);
    const headers = new Headers(init.headers ?? (input instanceof Request ? input.headers : undefined));
    if (!headers.has("authorization")) headers.set("authorization", "Bearer " + (sessionStorage.getItem("muster.key") ?? ""));
    const response = await send(input, { ...init, headers });
    if (!response.body || !response.headers.get("content-type")?.startsWith("text/event-stream")) return response;
    const body = response.body.pipeThrough(new TextDecoderStream()).pipeThrough(log()).pipeThrough(new TextEncoderStream());
    return new Response(body, { status: response.status, headers: response.headers });
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
