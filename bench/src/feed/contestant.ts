import { MeasuredProcess, type Usage } from "../measured-process.ts";
import type { ServerProcess } from "../server-process.ts";
import type { PublishRequest } from "./peer.ts";
import type { TransitionWriter } from "./transition-writer.ts";

/** A server whose cost is compared: it delivers events to its subscribers, evenly, when told to. */
export interface Contestant {
  readonly name: "muster" | "ws" | "yoga";
  readonly url: string;
  readonly key: string;
  /** It sends a frame as soon as it has subscribed. */
  readonly greets: boolean;
  usage(options?: { collect?: boolean }): Promise<Usage>;
  start(perSecond: number): Promise<void>;
  /** Resolves with how many events there were since `start`. */
  stop(): Promise<number>;
  close(): Promise<void>;
}

/** Ours: `writer` makes transitions in the server's database. */
export function ourselves(server: ServerProcess, writer: TransitionWriter): Contestant {
  return {
    name: "muster",
    url: server.url,
    key: server.key,
    greets: true,
    usage: (options) => server.usage(options),
    start: async (perSecond) => writer.start(perSecond),
    stop: () => writer.stop(),
    async close() {
      await writer.close();
      await server.stop();
    },
  };
}

/** Starts a peer that sends `frame`, the text of one of our frames, or what answers to its payload. */
export async function startPeer(name: "ws" | "yoga", frame: string): Promise<Contestant> {
  const program = new URL(`./${name}-peer.ts`, import.meta.url);
  const peer = new MeasuredProcess(program, { MUSTER_BENCH_FRAME: frame });
  const { url } = await peer.message((message): message is { url: string } => has(message, "url"));
  const publish = async (publishPerSecond: number) => {
    const answer = peer.message((message): message is { published: number } => has(message, "published"));
    peer.send({ publishPerSecond } satisfies PublishRequest);
    return (await answer).published;
  };
  return {
    name,
    url,
    key: "",
    greets: false,
    usage: (options) => peer.usage(options),
    start: async (perSecond) => void (await publish(perSecond)),
    stop: () => publish(0),
    close: () => peer.stop(),
  };
}

function has(message: unknown, property: string): boolean {
  return typeof message === "object" && message !== null && property in message;
}
