import { gzipSync } from "node:zlib";
import { renderGraphiQL } from "@graphql-yoga/render-graphiql";

const FIRST_QUERY = `# Press Ctrl-Enter (Cmd-Enter) to run.
query Fleet {
  project(path: "demo/app") {
    id
    agents(first: 10) {
      edges {
        node {
          id
          name
          state
          activeTasks
        }
      }
    }
  }
}

# Watch everything that happens, as it happens. Take the project's id from the query above.
# subscription Watch {
#   events(project: "prj_…") {
#     ... on EventDelivery { event { type at reason ... on TaskTransitioned { to task { id kind } } } }
#   }
# }
`;

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

let page: Buffer | undefined;

/** GraphiQL as one page that loads nothing from elsewhere, compressed. Rendered once. */
export function graphiqlPage(): Buffer {
  page ??= gzipSync(
    renderGraphiQL({
      title: "Muster API",
      defaultQuery: FIRST_QUERY,
      subscriptionsProtocol: "SSE",
      endpoint: "/graphql",
    }).replace("<head>", () => `<head>${SIGN_IN}`),
  );
  return page;
}
