import type { Client } from "@muster/client/client.ts";
import { INBOX, type InboxMessage } from "./documents.ts";
import { createRecentKeys } from "./recent-keys.ts";

type Of<Name extends InboxMessage["__typename"]> = Extract<InboxMessage, { __typename: Name }>;

export interface InboxHandlers {
  onTaskAssigned(message: Of<"TaskAssigned">): void;
  onTaskCancelRequested(message: Of<"TaskCancelRequested">): void;
  onStateRequested(message: Of<"StateRequested">): void;
  onContextChanged(message: Of<"ContextChanged">): void;
  onSuperseded(message: Of<"Superseded">): void;
}

/**
 * Hands out what arrives in the inbox until `signal` aborts, across lost connections: at each new one, the server delivers again
 * what is not acknowledged. Handlers must return at once, and know work and versions that they already have; a state is
 * requested once. @throws when the server refuses the inbox for good.
 */
export async function readInbox(
  client: Client,
  agent: string,
  incarnation: number,
  handlers: InboxHandlers,
  signal: AbortSignal,
): Promise<void> {
  const requested = createRecentKeys(1_000);
  for await (const { inbox: message } of client.subscribe(INBOX, { agent, incarnation }, { signal })) {
    switch (message.__typename) {
      case "TaskAssigned":
        handlers.onTaskAssigned(message);
        break;
      case "TaskCancelRequested":
        handlers.onTaskCancelRequested(message);
        break;
      case "StateRequested":
        if (!requested.has(message.id)) handlers.onStateRequested(message);
        requested.add(message.id);
        break;
      case "ContextChanged":
        handlers.onContextChanged(message);
        break;
      case "Superseded":
        handlers.onSuperseded(message);
        break;
      // A newer server may send kinds of messages that this version does not know.
    }
  }
}
