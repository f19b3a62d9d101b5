import "./agents/agent-lists.ts";
import "./agents/agent-mutations.ts";
import "./agents/liveness-mutations.ts";
import "./contexts/context-lists.ts";
import "./contexts/context-mutations.ts";
import "./contexts/context-reader.ts";
import "./contexts/rollback-confirmation.ts";
import "./definitions/definition-mutations.ts";
import "./errors.ts";
import "./events/event-lists.ts";
import "./events/event-subscriptions.ts";
import "./events/fleet-snapshot.ts";
import "./events/subject-events.ts";
import "./inbox/inbox.ts";
import "./projects/project-mutations.ts";
import "./projects/project-roots.ts";
import "./tasks/create-task-mutations.ts";
import "./tasks/run-task-mutations.ts";
import "./tasks/task-chunks.ts";
import "./tasks/task-lists.ts";
import "./webhooks/delivery-mutations.ts";
import "./webhooks/webhook-lists.ts";
import "./webhooks/webhook-mutations.ts";
import { builder } from "./builder.ts";

/** The whole API. Each feature registers its types on the builder when it is imported here. */
export const schema = builder.toSchema();
