import { request as httpRequest } from "node:http";
import type { FeedConnection, FeedRequest } from "./connection.ts";
import { type ClientFrame, subscriptionTo } from "./frame.ts";

/**
 * One subscription as server-sent events. It goes on by the header `Last-Event-ID`, as a browser's EventSource does, and
 * takes each frame's cursor from the line `id:`.
 */
export function followOverStream(request: FeedRequest): FeedConnection {
  const { promise: ended, resolve } = Promise.withResolvers<string>();
  const body = JSON.stringify({
    query: subscriptionTo(request.field),
    variables: { project: request.project },
  });
  const sent = httpRequest(`${request.url}/graphql`, {
    method: "POST",
    agent: false,
    headers: {
      accept: "text/event-stream",
      "content-type": "application/json",
      authorization: `Bearer ${request.key}`,
      "last-event-id": request.after,
    },
  });
  sent.on("error", (error) => resolve(error.message));
  sent.on("response", (response) => {
    if (response.statusCode !== 200) return finish(`status ${response.statusCode}`);
    let text = "";
    response.setEncoding("utf8");
    response.on("data", (chunk: string) => {
      const blocks = (text + chunk).split("\n\n");
      text = blocks.pop() ?? "";
      for (const block of blocks) take(fieldsOf(block));
    });
    response.on("close", () => resolve("the stream ended"));
    response.on("error", (error) => resolve(error.message));
  });
  sent.end(body);

  function finish(reason: string): void {
    resolve(reason);
    sent.destroy();
  }

  function take({ event, id, data }: Partial<Record<string, string>>): void {
    if (event === "complete") return finish("completed");
    if (event !== "next" || data === undefined) return;
    const result = JSON.parse(data) as { data?: Record<string, ClientFrame>; errors?: { message: string }[] };
    const frame = result.data?.[request.field];
    if (!frame) return finish(result.errors?.[0]?.message ?? "a result without a frame");
    if (id !== frame.cursor) return finish(`the id ${id} is not the frame's cursor`);
    request.onFrame(frame);
  }

  return { ended, cut: () => finish("cut") };
}

/** The fields of one event of a stream (WHATWG HTML, "Interpreting an event stream"); comments have the name "". */
function fieldsOf(block: string): Partial<Record<string, string>> {
  return Object.fromEntries(
    block.split("\n").map((line) => {
      const [name = "", ...rest] = line.split(":");
      return [name, rest.join(":").replace(/^ /, "")];
    }),
  );
}
