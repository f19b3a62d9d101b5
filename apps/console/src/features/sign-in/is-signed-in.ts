const LIMIT_MS = 5_000;

/**
 * Whether this browser has a session. Asked over a WebSocket (protocol graphql-transport-ws), because a request that is
 * refused would stand in the browser's console as an error of the page.
 */
export function isSignedIn(): Promise<boolean> {
  const socket = new WebSocket(`${location.origin.replace(/^http/, "ws")}/graphql`, "graphql-transport-ws");
  const answer = new Promise<boolean>((resolve) => {
    socket.addEventListener("open", () => socket.send('{"type":"connection_init"}'));
    socket.addEventListener("message", ({ data }) => {
      if ((JSON.parse(String(data)) as { type?: unknown }).type === "connection_ack") resolve(true);
    });
    socket.addEventListener("close", () => resolve(false));
    setTimeout(() => resolve(false), LIMIT_MS);
  });
  void answer.then(() => socket.close());
  return answer;
}
