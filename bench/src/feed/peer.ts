import type { Server } from "node:http";
import type { AddressInfo } from "node:net";

/** Asks a peer to publish so many events a second, evenly, from now on; 0 stops it. It answers with `published`. */
export interface PublishRequest {
  readonly publishPerSecond: number;
}

/** The part of a peer's process that publishes when it is told to. */
export function onPublish(publish: () => void): void {
  let timer: NodeJS.Timeout | undefined;
  let published = 0;
  process.on("message", (message: PublishRequest) => {
    if (typeof message !== "object") return;
    clearInterval(timer);
    process.send?.({ published });
    published = 0;
    if (message.publishPerSecond === 0) return;
    timer = setInterval(() => {
      publish();
      published += 1;
    }, 1_000 / message.publishPerSecond);
  });
  process.on("disconnect", () => process.exit(0));
}

/** The part of a peer's process that says where it listens. */
export function answerWithAddress(http: Server): void {
  http.listen(0, "127.0.0.1", () => {
    process.send?.({ url: `http://127.0.0.1:${(http.address() as AddressInfo).port}` });
  });
}
