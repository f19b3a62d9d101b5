import type { ClientFrame, Field } from "./frame.ts";

/** One subscription on one connection of its own. */
export interface FeedRequest {
  readonly url: string;
  readonly key: string;
  readonly field: Field;
  /** The project's public id. */
  readonly project: string;
  readonly after: string;
  readonly onFrame: (frame: ClientFrame) => void;
}

export interface FeedConnection {
  /** Resolves, never rejects, when the connection is over, with the reason in words. */
  readonly ended: Promise<string>;
  /** Cuts it without a goodbye. */
  cut(): void;
}

export type Transport = (request: FeedRequest) => FeedConnection;
